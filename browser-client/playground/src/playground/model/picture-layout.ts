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
const PART_GAP = 1;
/** How much of a column's top corners is cut away. */
const CROWN = 8;
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
    for (const cell of cells(placed, depths)) {
      const key = `${cell.depth} ${cell.piece.state}`;
      const path = drawing.get(key) ?? { depth: cell.depth, state: cell.piece.state, d: '' };
      path.d += outline(cell, bottom, unit);
      drawing.set(key, path);
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

interface Strip {
  readonly part: PicturePart;
  readonly x: number;
  readonly width: number;
  /** Whether the strip is the column's first or last: its top corner there is cut. */
  readonly first: boolean;
  readonly last: boolean;
}

interface Cell extends Strip {
  readonly depth: number;
  readonly piece: Piece;
}

/** What is planned is drawn part by part; what lies beyond the cut only as the column's outline. */
function cells(placed: PlacedColumn, depths: readonly number[]): Cell[] {
  const planned = Math.max(...placed.column.parts.map((part) => part.depthPlanned));
  const drawn = strips(placed).flatMap((strip) =>
    depths.flatMap((depth) => pieces(strip.part, depth).map((piece) => ({ ...strip, depth, piece }))),
  );
  const { x, width, column } = placed;
  const beyond = depths
    .filter((depth) => depth > planned)
    .map((depth) => ({
      ...{ part: merged(column), x, width, first: true, last: true, depth },
      piece: { state: 'ghost' as const, from: planeFloor(depth), to: depth },
    }));
  return [...drawn, ...beyond];
}

/** Cuts one plane of one part into the stretches that are present, received and awaited. */
export function pieces(part: PicturePart, depth: number): Piece[] {
  const marks: [CellState, number][] = [
    ['present', part.depthPresent],
    ['received', part.depthReceived],
    ['awaited', part.depthPlanned],
  ];
  const result: Piece[] = [];
  let from = planeFloor(depth);
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

function strips({ column, x, width }: PlacedColumn): Strip[] {
  if (width < SPLIT_WIDTH || column.parts.length === 1) return [{ part: merged(column), x, width, first: true, last: true }];
  const free = width - PART_GAP * (column.parts.length - 1);
  let left = x;
  return column.parts.map((part, index) => {
    const strip = { part, x: left, width: free * part.share, first: index === 0, last: index === column.parts.length - 1 };
    left += strip.width + PART_GAP;
    return strip;
  });
}

function merged(column: PictureColumn): PicturePart {
  const received = column.parts.reduce((total, part) => total + part.share * part.depthReceived, 0);
  const { depthPresent, depthPlanned } = column;
  return { name: column.label, share: 1, depthPresent, depthReceived: received, depthPlanned };
}

/** A rectangle; where the plan ends the column's outer corners are cut, like a stone's crown. */
function outline({ x, width, first, last, part, depth, piece }: Cell, bottom: number, unit: number): string {
  const floorGap = piece.from === planeFloor(depth) ? PLANE_GAP : 0;
  const top = bottom - piece.to * unit;
  const height = Math.max(0, (piece.to - piece.from) * unit - floorGap);
  const crowned = piece.state !== 'ghost' && piece.to >= part.depthPlanned;
  const cut = crowned ? Math.min(CROWN, height, width) : 0;
  const left = first ? cut : 0;
  const right = last ? cut : 0;
  return (
    `M${round(x + left)} ${round(top)}H${round(x + width - right)}L${round(x + width)} ${round(top + right)}` +
    `V${round(top + height)}H${round(x)}V${round(top + left)}z`
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
