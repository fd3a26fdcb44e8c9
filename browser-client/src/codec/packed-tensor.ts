import { FacetError } from '../errors';
import { BASE_DEPTH, GROUP, groupBytes, groupsOf, layoutOf, packedBytes, type LayoutWidth } from './layout';
import { fromBfloat16, gainOf, type PlaneSegment } from './segment';

/** What a tensor will hold once every planned plane is there. */
export interface MatrixShape {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly anchor: number;
  readonly shift: number;
  /** Depth that the plan asks for. */
  readonly depth: number;
}

/**
 * A packed tensor in plain TypeScript: the executable form of docs/codec.md's packed layouts, against which the WASM
 * and WGSL merges are checked. Codes are written weight by weight; speed is for the others.
 */
export class PackedTensor {
  readonly shape: MatrixShape;
  readonly groups: number;
  readonly scaleBytes: Uint8Array;
  /** Row scales with the gain of the present depth folded in. */
  readonly rowScales: Float32Array;
  readonly #storedScales: Uint16Array;
  codes: Uint32Array = new Uint32Array(0);
  depth = 0;

  constructor(shape: MatrixShape) {
    this.shape = shape;
    this.groups = groupsOf(shape.cols);
    this.scaleBytes = new Uint8Array(shape.rows * this.groups);
    this.rowScales = new Float32Array(shape.rows);
    this.#storedScales = new Uint16Array(shape.rows);
  }

  get layout(): LayoutWidth {
    return layoutOf(this.depth);
  }

  /** Takes the next plane: all its segments together. */
  merge(segments: readonly PlaneSegment[]): void {
    const depth = segments[0]!.depth;
    if (depth !== (this.depth === 0 ? BASE_DEPTH : this.depth + 1)) {
      throw new FacetError('manifest-invalid', `Plane ${depth} of ${this.shape.name} came after depth ${this.depth}.`);
    }
    const deeper = new Uint32Array(packedBytes(this.shape.rows, this.shape.cols, depth) / 4);
    for (const segment of segments) this.#mergeSegment(segment, deeper);
    this.codes = deeper;
    this.depth = depth;
  }

  /** Code of a weight at the present depth. */
  code(row: number, col: number): number {
    const group = row * this.groups + Math.floor(col / GROUP);
    return codeIn(this.codes, this.layout, group, col % GROUP);
  }

  /** Value of a weight at the present depth. */
  value(row: number, col: number): number {
    const byte = this.scaleBytes[row * this.groups + Math.floor(col / GROUP)]!;
    const shift = byte & 0x80 ? -this.shape.shift : this.shape.shift;
    const midpoint = (2 * this.code(row, col) + 1) / 2 ** this.depth - 1;
    return this.rowScales[row]! * ((byte & 0x7f) / 127) * (midpoint + shift);
  }

  #mergeSegment(segment: PlaneSegment, deeper: Uint32Array): void {
    const firstGroup = segment.firstRow * this.groups;
    if (segment.scaleBytes) this.scaleBytes.set(segment.scaleBytes, firstGroup);
    if (segment.rowScales) this.#storedScales.set(segment.rowScales, segment.firstRow);
    for (let row = 0; row < segment.rowCount; row++) {
      const stored = fromBfloat16(this.#storedScales[segment.firstRow + row]!);
      this.rowScales[segment.firstRow + row] = stored * gainOf(segment.gains, row);
    }
    for (let g = 0; g < segment.rowCount * this.groups; g++) {
      for (let weight = 0; weight < GROUP; weight++) this.#mergeWeight(segment, deeper, firstGroup + g, g, weight);
    }
  }

  #mergeWeight(segment: PlaneSegment, deeper: Uint32Array, group: number, stored: number, weight: number): void {
    const code =
      segment.depth === BASE_DEPTH
        ? codeIn(segment.codes, 2, stored, weight)
        : (codeIn(this.codes, this.layout, group, weight) << 1) |
          ((segment.codes[stored]! >>> (8 * (weight & 3) + (weight >> 2))) & 1);
    putCode(deeper, layoutOf(segment.depth), group, weight, code);
  }
}

/** Bytes of a tensor in kernels' memory at its planned depth: codes, scale bytes, row scales. */
export function matrixBytes(shape: MatrixShape): number {
  return packedBytes(shape.rows, shape.cols, shape.depth) + shape.rows * (groupsOf(shape.cols) + 4);
}

/** Code of a weight of a group, counted from the first of packed `codes`. */
export function codeIn(codes: Uint32Array, layout: LayoutWidth, group: number, weight: number): number {
  const first = (group * groupBytes(layout)) / 4;
  const j = weight & 3;
  if (layout === 8) return (codes[first + (weight >> 2)]! >>> (8 * j)) & 0xff;
  if (layout === 4) return (codes[first + (weight >> 3)]! >>> (8 * j + (weight & 4))) & 0xf;
  const pair = (codes[first + (weight >> 4)]! >>> (8 * j + 2 * ((weight >> 2) & 3))) & 3;
  return layout === 2 ? pair : (pair << 1) | ((codes[first + 2]! >>> (8 * j + (weight >> 2))) & 1);
}

function putCode(codes: Uint32Array, layout: LayoutWidth, group: number, weight: number, code: number): void {
  const first = (group * groupBytes(layout)) / 4;
  const j = weight & 3;
  if (layout === 8) codes[first + (weight >> 2)]! |= code << (8 * j);
  else if (layout === 4) codes[first + (weight >> 3)]! |= code << (8 * j + (weight & 4));
  else {
    codes[first + (weight >> 4)]! |= (layout === 2 ? code : code >> 1) << (8 * j + 2 * ((weight >> 2) & 3));
    if (layout === 3) codes[first + 2]! |= (code & 1) << (8 * j + (weight >> 2));
  }
}
