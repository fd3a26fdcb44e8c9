import { BASE_DEPTH, groupBytes, groupsOf, layoutOf, packedBytes, type LayoutWidth } from '../../codec/layout';
import type { MatrixShape } from '../../codec/packed-tensor';
import { fromBfloat16, gainOf, type PlaneSegment } from '../../codec/segment';
import { FacetError } from '../../errors';
import type { Matrix } from '../backend';
import type { Arena } from './arena';
import type { WasmKernels } from './exports';

/** Groups whose refinement words pass through the scratch area at once. */
export const MERGE_GROUPS = 65_536;

const DESCRIPTOR_BYTES = 32;

/** A packed tensor in WASM memory, deepened in place: its planned size is its only size. */
export class WasmMatrix implements Matrix {
  readonly shape: MatrixShape;
  readonly groups: number;
  readonly codes: number;
  readonly scaleBytes: number;
  readonly rowScales: number;
  /** Address of what describes this tensor to the kernels. */
  readonly tensor: number;
  readonly #arena: Arena;
  /** As stored, bfloat16: gains of later depths are folded into these. */
  readonly #storedScales: Uint16Array;
  depth = 0;

  constructor(arena: Arena, shape: MatrixShape) {
    this.#arena = arena;
    this.shape = shape;
    this.groups = groupsOf(shape.cols);
    this.codes = arena.allocate(packedBytes(shape.rows, shape.cols, shape.depth));
    this.scaleBytes = arena.allocate(shape.rows * this.groups);
    this.rowScales = arena.allocate(shape.rows * 4);
    this.tensor = arena.allocate(DESCRIPTOR_BYTES);
    this.#storedScales = new Uint16Array(shape.rows);
  }

  get layout(): LayoutWidth {
    return layoutOf(this.depth);
  }

  /** Address of a row's first code. */
  rowCodes(row: number): number {
    return this.codes + row * this.groups * groupBytes(this.layout);
  }

  merge(segments: readonly PlaneSegment[], kernels: WasmKernels, scratch: number): void {
    const depth = segments[0]!.depth;
    if (depth !== (this.depth === 0 ? BASE_DEPTH : this.depth + 1) || depth > this.shape.depth) {
      throw new FacetError('manifest-invalid', `Plane ${depth} of ${this.shape.name} came after depth ${this.depth}.`);
    }
    if (depth === BASE_DEPTH) for (const segment of segments) this.#storeBase(segment);
    else for (const segment of byLastRow(segments)) this.#deepen(segment, kernels, scratch);
    for (const segment of segments) this.#foldGains(segment);
    this.depth = depth;
    this.#describe();
  }

  /** As class Tensor of `wasm/assembly/tensor.ts`. */
  #describe(): void {
    const { rows, shift } = this.shape;
    const view = this.#arena.view(this.tensor, DESCRIPTOR_BYTES);
    const words = [this.codes, this.scaleBytes, this.rowScales, rows, this.groups, this.layout, this.depth];
    words.forEach((word, i) => view.setUint32(4 * i, word, true));
    view.setFloat32(28, shift, true);
  }

  #storeBase(segment: PlaneSegment): void {
    const firstGroup = segment.firstRow * this.groups;
    const codes = asBytes(segment.codes);
    this.#arena.bytes(this.codes + firstGroup * 8, codes.length).set(codes);
    this.#arena.bytes(this.scaleBytes + firstGroup, segment.scaleBytes!.length).set(segment.scaleBytes!);
    this.#storedScales.set(segment.rowScales!, segment.firstRow);
  }

  /** Last piece first: deeper groups are written over the shallower ones behind them. */
  #deepen(segment: PlaneSegment, kernels: WasmKernels, scratch: number): void {
    const firstGroup = segment.firstRow * this.groups;
    for (let end = segment.rowCount * this.groups; end > 0; end -= MERGE_GROUPS) {
      const start = Math.max(0, end - MERGE_GROUPS);
      const words = asBytes(segment.codes.subarray(start, end));
      this.#arena.bytes(scratch, words.length).set(words);
      kernels.q_merge(this.codes, scratch, firstGroup + start, end - start, segment.depth);
    }
  }

  #foldGains(segment: PlaneSegment): void {
    const scales = this.#arena.floats(this.rowScales, this.shape.rows);
    for (let i = 0; i < segment.rowCount; i++) {
      const row = segment.firstRow + i;
      scales[row] = fromBfloat16(this.#storedScales[row]!) * gainOf(segment.gains, i);
    }
  }
}

function byLastRow(segments: readonly PlaneSegment[]): PlaneSegment[] {
  return [...segments].sort((a, b) => b.firstRow - a.firstRow);
}

function asBytes(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
