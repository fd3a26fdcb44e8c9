import { GROUP, groupsOf } from './layout';
import { fromBfloat16, gainOf, type PlaneSegment } from './segment';

/** A tensor as its planes, whole: one segment a depth, from 2 without gaps. */
export interface PlanarTensor {
  readonly rows: number;
  readonly cols: number;
  readonly anchor: number;
  readonly shift: number;
  readonly planes: readonly PlaneSegment[];
}

/** Code of one weight at `depth`, straight from the definition of the planes. */
export function codeAt(tensor: PlanarTensor, depth: number, row: number, col: number): number {
  const group = row * groupsOf(tensor.cols) + Math.floor(col / GROUP);
  const weight = col % GROUP;
  let code = baseBits(tensor.planes[0]!.codes, group, weight);
  for (let d = 3; d <= depth; d++) {
    code = (code << 1) | refinementBit(tensor.planes[d - 2]!.codes, group, weight);
  }
  return code;
}

/** Value of one weight at `depth`, in double precision. */
export function valueAt(tensor: PlanarTensor, depth: number, row: number, col: number): number {
  const base = tensor.planes[0]!;
  const byte = base.scaleBytes![row * groupsOf(tensor.cols) + Math.floor(col / GROUP)]!;
  const scale = fromBfloat16(base.rowScales![row]!) * ((byte & 0x7f) / 127);
  const sign = byte & 0x80 ? -1 : 1;
  const gain = depth === tensor.anchor ? 1 : gainOf(tensor.planes[depth - 2]!.gains, row);
  const midpoint = (2 * codeAt(tensor, depth, row, col) + 1) / 2 ** depth - 1;
  return gain * scale * (midpoint + sign * tensor.shift);
}

/** All values at `depth`, row-major. */
export function decode(tensor: PlanarTensor, depth: number): Float32Array {
  const values = new Float32Array(tensor.rows * tensor.cols);
  for (let row = 0; row < tensor.rows; row++) {
    for (let col = 0; col < tensor.cols; col++) {
      values[row * tensor.cols + col] = valueAt(tensor, depth, row, col);
    }
  }
  return values;
}

/** Weight 16h + 4i + j of a group: bits 8j + 2i of word h. */
function baseBits(codes: Uint32Array, group: number, weight: number): number {
  const word = codes[group * 2 + (weight >> 4)]!;
  return (word >>> (8 * (weight & 3) + 2 * ((weight >> 2) & 3))) & 3;
}

/** Weight 4i + j of a group: bit 8j + i. */
function refinementBit(codes: Uint32Array, group: number, weight: number): number {
  return (codes[group]! >>> (8 * (weight & 3) + (weight >> 2))) & 1;
}
