import { groupsOf, type LayoutWidth } from '../../codec/layout';
import { activationOrder } from './activation-order';
import type { Arena } from './arena';
import type { RelaxedKernels, WasmKernels } from './exports';

/** Activations of 16 or 8 bits with their scales and sums, as addresses. */
export interface QuantizedActivations {
  readonly values: number;
  readonly scales: number;
  readonly sums: number;
  /** Floats between the scales of neighbouring rows. */
  readonly stride: number;
}

/** Turns float activations into what the product kernels read; owns the buffers in between. */
export class ActivationQuantizer {
  readonly #kernels: WasmKernels;
  readonly #arena: Arena;
  readonly #rows: number;
  readonly #orders = new Map<LayoutWidth, { address: number; span: number }>();
  #width = 0;
  #plain = 0;
  #ordered = 0;
  #scales = 0;
  #sums = 0;

  /** @param rows most activation rows at once */
  constructor(kernels: WasmKernels, arena: Arena, rows: number) {
    this.#kernels = kernels;
    this.#arena = arena;
    this.#rows = rows;
    for (const layout of [2, 3, 4, 8] as const) this.#orders.set(layout, this.#storeOrder(layout));
  }

  /** Makes room for rows of `cols` floats. */
  reserve(cols: number): void {
    const groups = paddedGroups(cols);
    if (groups <= this.#width) return;
    this.#width = groups;
    this.#plain = this.#arena.allocate(this.#rows * groups * 64);
    this.#ordered = this.#arena.allocate(groups * 64);
    this.#scales = this.#arena.allocate(this.#rows * groups * 4);
    this.#sums = this.#arena.allocate(this.#rows * groups * 4);
  }

  /** One row of 16 bits, in the order of a layout's matvec kernel. */
  ordered(x: number, cols: number, layout: LayoutWidth): QuantizedActivations {
    const { address, span } = this.#orders.get(layout)!;
    this.#kernels.f32_quantize_ordered__scalar(
      x, cols, address, span, this.#plain, this.#ordered, this.#scales, this.#sums,
    );
    return { values: this.#ordered, scales: this.#scales, sums: this.#sums, stride: paddedGroups(cols) };
  }

  /** `count` rows of 16 bits in their own order, for the batched kernel. */
  plain(x: number, cols: number, count: number): QuantizedActivations {
    const stride = paddedGroups(cols);
    for (let t = 0; t < count; t++) {
      const values = this.#plain + t * groupsOf(cols) * 64;
      const at = t * stride * 4;
      this.#kernels.f32_quantize_plain__scalar(x + t * cols * 4, cols, values, this.#scales + at, this.#sums + at);
    }
    return { values: this.#plain, scales: this.#scales, sums: this.#sums, stride };
  }

  /** One row of 8 bits, in the order of a layout's matvec kernel. */
  orderedBytes(kernels: RelaxedKernels, x: number, cols: number, layout: LayoutWidth): QuantizedActivations {
    kernels.f32_quantize_i8_ordered__simd128(x, cols, layout, this.#ordered, this.#scales, this.#sums);
    return { values: this.#ordered, scales: this.#scales, sums: this.#sums, stride: paddedGroups(cols) };
  }

  /** `count` rows of 8 bits in their own order, for the batched kernel. */
  plainBytes(kernels: RelaxedKernels, x: number, cols: number, count: number): QuantizedActivations {
    const stride = paddedGroups(cols);
    for (let t = 0; t < count; t++) {
      const values = this.#plain + t * groupsOf(cols) * 32;
      const at = t * stride * 4;
      kernels.f32_quantize_i8__simd128(x + t * cols * 4, cols, values, this.#scales + at, this.#sums + at);
    }
    return { values: this.#plain, scales: this.#scales, sums: this.#sums, stride };
  }

  #storeOrder(layout: LayoutWidth): { address: number; span: number } {
    const { slots, span } = activationOrder(layout);
    const address = this.#arena.allocate(slots.byteLength);
    this.#arena.bytes(address, slots.byteLength).set(new Uint8Array(slots.buffer));
    return { address, span };
  }
}

/** Matvec kernels take four groups at once. */
function paddedGroups(cols: number): number {
  return Math.ceil(groupsOf(cols) / 4) * 4;
}
