import { groupsOf } from '../../codec/layout';
import { ActivationQuantizer, type QuantizedActivations } from './activation-quantizer';
import type { Arena } from './arena';
import { isRelaxed, type RelaxedKernels, type WasmKernels } from './exports';
import type { WasmMatrix } from './wasm-matrix';

/** Deepest codes that the 8-bit kernels take; deeper weights would gain nothing beside activations rounded to 8 bits. */
const DEEPEST_WITH_BYTES = 7;

/** A weight matrix and the address of its product. */
export interface Target {
  readonly matrix: WasmMatrix;
  readonly out: number;
}

/**
 * Products with packed weights. Activations have 8 bits where the module has relaxed SIMD and the weights at most seven
 * bits, 16 bits elsewhere. They are rounded once for all matrices that read them in the same form.
 */
export class WasmProducts {
  readonly #kernels: WasmKernels;
  readonly #relaxed: RelaxedKernels | null;
  readonly #arena: Arena;
  readonly #quantizer: ActivationQuantizer;
  #scratch = 0;
  #groups = 0;

  /** @param rows most activation rows at once */
  constructor(kernels: WasmKernels, arena: Arena, rows: number) {
    this.#kernels = kernels;
    this.#relaxed = isRelaxed(kernels) ? kernels : null;
    this.#arena = arena;
    this.#quantizer = new ActivationQuantizer(kernels, arena, rows);
  }

  /** Makes room for activations of `cols` floats. */
  reserve(cols: number): void {
    this.#quantizer.reserve(cols);
    const groups = groupsOf(cols);
    if (groups <= this.#groups) return;
    this.#groups = groups;
    this.#scratch = this.#arena.allocate(groups * 288);
  }

  /** The products of one row. */
  one(x: number, targets: readonly Target[], accumulate: boolean): void {
    let form = '';
    let activations: QuantizedActivations | null = null;
    for (const { matrix, out } of targets) {
      const relaxed = this.#bytesFor(matrix);
      const { layout } = matrix;
      const wanted = `${layout}${relaxed ? 'b' : ''}`;
      if (!activations || form !== wanted) {
        const { cols } = matrix.shape;
        activations = relaxed ? this.#quantizer.orderedBytes(relaxed, x, cols, layout) : this.#quantizer.ordered(x, cols, layout);
      }
      form = wanted;
      const multiply = relaxed ? relaxed[`q${layout}_matvec_i8__relaxed`] : this.#kernels[`q${layout}_matvec__simd128`];
      multiply(
        matrix.codes, matrix.scaleBytes, matrix.rowScales, matrix.shape.rows, matrix.groups, matrix.depth,
        matrix.shape.shift, activations.values, activations.scales, activations.sums, out, accumulate,
      );
    }
  }

  /** The products of `count` rows. */
  many(x: number, targets: readonly Target[], count: number, accumulate: boolean): void {
    let bytes: boolean | null = null;
    let activations: QuantizedActivations | null = null;
    for (const { matrix, out } of targets) {
      const relaxed = this.#bytesFor(matrix);
      if (!activations || bytes !== (relaxed !== null)) {
        const { cols } = matrix.shape;
        activations = relaxed ? this.#quantizer.plainBytes(relaxed, x, cols, count) : this.#quantizer.plain(x, cols, count);
      }
      bytes = relaxed !== null;
      const multiply = relaxed ? relaxed.q_matmul_i8__relaxed : this.#kernels.q_matmul__simd128;
      multiply(
        matrix.codes, matrix.scaleBytes, matrix.rowScales, matrix.layout, matrix.depth, matrix.shape.shift,
        matrix.shape.rows, matrix.groups, activations.values, activations.scales, activations.sums, activations.stride,
        count, out, accumulate, this.#scratch,
      );
    }
  }

  #bytesFor(matrix: WasmMatrix): RelaxedKernels | null {
    return matrix.depth <= DEEPEST_WITH_BYTES ? this.#relaxed : null;
  }
}
