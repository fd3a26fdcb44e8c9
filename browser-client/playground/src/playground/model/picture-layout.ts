import { planeDepths, planeFloor, type Picture, type PictureColumn, type PicturePart } from './picture';

/** How a piece of a plane is drawn: merged for kernels, received, still to come, or beyond the cut. */
export type CellState = 'present' | 'received' | 'awaited' | 'ghost';

/** All cells of one plane in one state, as a single SVG path: the picture stays cheap for models of any depth. */
export interface CellPath {
  readonly depth: number;
  readonly state: CellState;
  readonly d: string;
}

export interface PlacedColumn {
  readonly column: PictureColumn;
  readonly x: number;
  readonly width: number;
  readonly showLabel: boolean;
}

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly PlacedColumn[];
  readonly paths: readonly CellPath[];
  /** Middle of each plane's storey, for the scale on the left. */
  readonly scale: readonly { readonly depth: number; readonly y: number }[];
}

/** Space in pixels around the columns: the scale on the left, names below. */
const LEFT = 46;
const BOTTOM = 22;
const TOP = 6;
const PLANE_GAP = 2;
/** Narrower columns are drawn as one strip instead of one strip a part. */
const SPLIT_WIDTH = 16;
const MIN_LABEL_WIDTH = 20;

/** Places a picture in `width` x `height` pixels. */
export function layOut(picture: Picture, width: number, height: number): PictureLayout {
  const bottom = height - BOTTOM;
  const unit = (bottom - TOP) / picture.topDepth;
  const columns = placeColumns(picture.columns, width);
  const drawing = new Map<string, { depth: number; state: CellState; d: string }>();
  const depths = planeDepths(picture.topDepth);
  for (const placed of columns) {
    for (const strip of strips(placed)) {
      for (const depth of depths) {
        for (const piece of pieces(strip.part, depth)) {
          const key = `${depth} ${piece.state}`;
          const path = drawing.get(key) ?? { depth, state: piece.state, d: '' };
          path.d += rectangle(strip.x, strip.width, bottom, unit, depth, piece);
          drawing.set(key, path);
        }
      }
    }
  }
  const scale = depths.map((depth) => ({ depth, y: bottom - ((planeFloor(depth) + depth) / 2) * unit }));
  return { width, height, columns, paths: [...drawing.values()], scale };
}

interface Piece {
  readonly state: CellState;
  readonly from: number;
  readonly to: number;
}

/** Cuts one plane of one part into the stretches that are present, received, awaited or beyond the cut. */
export function pieces(part: PicturePart, depth: number): Piece[] {
  const floor = planeFloor(depth);
  const marks: [CellState, number][] = [
    ['present', part.depthPresent],
    ['received', part.depthReceived],
    ['awaited', part.depthPlanned],
    ['ghost', depth],
  ];
  const result: Piece[] = [];
  let from = floor;
  for (const [state, mark] of marks) {
    const to = Math.min(depth, Math.max(from, mark));
    if (to > from) result.push({ state, from, to });
    from = to;
  }
  return result;
}

function placeColumns(columns: readonly PictureColumn[], width: number): PlacedColumn[] {
  const pitch = (width - LEFT) / Math.max(1, columns.length);
  const gap = Math.min(12, pitch * 0.2);
  const labelEvery = Math.max(1, Math.ceil(MIN_LABEL_WIDTH / pitch));
  return columns.map((column, index) => ({
    column,
    x: LEFT + index * pitch + gap / 2,
    width: pitch - gap,
    showLabel: column.label.length * 7 <= pitch + 4 && (labelEvery === 1 || index % labelEvery === 0),
  }));
}

function strips(placed: PlacedColumn): { part: PicturePart; x: number; width: number }[] {
  const { column, x, width } = placed;
  if (width < SPLIT_WIDTH || column.parts.length === 1) return [{ part: merged(column), x, width }];
  const gap = 1;
  const free = width - gap * (column.parts.length - 1);
  let left = x;
  return column.parts.map((part) => {
    const strip = { part, x: left, width: free * part.share };
    left += strip.width + gap;
    return strip;
  });
}

function merged(column: PictureColumn): PicturePart {
  const received = column.parts.reduce((total, part) => total + part.share * part.depthReceived, 0);
  const { depthPresent, depthPlanned } = column;
  return { name: column.label, share: 1, depthPresent, depthReceived: received, depthPlanned };
}

function rectangle(x: number, width: number, bottom: number, unit: number, depth: number, piece: Piece): string {
  const floorGap = piece.from === planeFloor(depth) ? PLANE_GAP : 0;
  const y = bottom - piece.to * unit;
  const height = Math.max(0, (piece.to - piece.from) * unit - floorGap);
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
