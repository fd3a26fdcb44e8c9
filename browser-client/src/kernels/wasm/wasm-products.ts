import { groupsOf } from '../../codec/layout';
import { ActivationQuantizer, type QuantizedActivations } from './activation-quantizer';
import type { Arena } from './arena';
import type { WasmKernels } from './exports';
import type { WasmMatrix } from './wasm-matrix';

/** Deepest codes that the 8-bit kernels take; deeper weights would gain nothing beside activations rounded to 8 bits. */
const DEEPEST_WITH_BYTES = 7;
/** Tensors of one job. */
const MOST_TARGETS = 32;

/** A weight matrix and the address of its product. */
export interface Target {
  readonly matrix: WasmMatrix;
  readonly out: number;
}

/**
 * Products with packed weights. Activations have 8 bits where the module has relaxed SIMD and the weights at most seven
 * bits, 16 bits elsewhere. They are rounded once for all matrices that read them in the same form, and those are one job.
 */
export class WasmProducts {
  readonly #kernels: WasmKernels;
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #quantizer: ActivationQuantizer;
  readonly #takesBytes: boolean;
  #scratch = 0;
  #groups = 0;

  /** @param rows most activation rows at once */
  constructor(kernels: WasmKernels, arena: Arena, rows: number, threads: number) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#threads = threads;
    this.#quantizer = new ActivationQuantizer(kernels, arena, rows);
    this.#takesBytes = kernels.takesBytes.value !== 0;
  }

  /** Makes room for activations of `cols` floats. */
  reserve(cols: number): void {
    this.#quantizer.reserve(cols);
    const groups = groupsOf(cols);
    if (groups <= this.#groups) return;
    this.#groups = groups;
    this.#scratch = this.#arena.allocate(this.#threads * this.#scratchBytes);
  }

  /** The products of `count` rows. */
  multiply(x: number, targets: readonly Target[], count: number, accumulate: boolean): void {
    for (let first = 0, end = 0; first < targets.length; first = end) {
      const { matrix } = targets[first]!;
      const form = this.#form(matrix, count);
      for (end = first; end < targets.length && end - first < MOST_TARGETS; end++) {
        if (this.#form(targets[end]!.matrix, count) !== form) break;
        this.#kernels.q_target(end - first, targets[end]!.matrix.tensor, targets[end]!.out);
      }
      const bytes = this.#bytesFor(matrix);
      const { values, scales, sums, stride } = this.#quantize(x, matrix, count, bytes);
      this.#kernels.q_multiply(
        bytes, values, scales, sums, stride, count, end - first, accumulate, this.#scratch, this.#scratchBytes,
      );
    }
  }

  #quantize(x: number, { shape, layout }: WasmMatrix, count: number, bytes: boolean): QuantizedActivations {
    if (count === 1) return this.#quantizer.ordered(x, shape.cols, layout, bytes);
    return this.#quantizer.plain(x, shape.cols, count, bytes);
  }

  /** Tells forms of activations apart: one row lies in the order of a layout. */
  #form(matrix: WasmMatrix, count: number): number {
    return (count === 1 ? matrix.layout : 0) + (this.#bytesFor(matrix) ? 100 : 0);
  }

  #bytesFor(matrix: WasmMatrix): boolean {
    return this.#takesBytes && matrix.depth <= DEEPEST_WITH_BYTES;
  }

  /** Bytes of each thread, a whole number of cache lines. */
  get #scratchBytes(): number {
    return Math.ceil((this.#groups * (this.#kernels.matmulScratch.value as number)) / 64) * 64;
  }
}
