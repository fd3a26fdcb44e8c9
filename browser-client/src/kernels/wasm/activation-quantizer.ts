import { groupsOf, type LayoutWidth } from '../../codec/layout';
import { activationOrder } from './activation-order';
import type { Arena } from './arena';
import type { WasmKernels } from './exports';

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

  /** One row, in the order of a layout's matvec kernel; `bytes` for 8 bits. */
  ordered(x: number, cols: number, layout: LayoutWidth, bytes: boolean): QuantizedActivations {
    const [values, scales, sums] = [this.#ordered, this.#scales, this.#sums];
    if (bytes) {
      this.#kernels.f32_quantize_i8_ordered(x, cols, layout, values, scales, sums);
    } else {
      const { address, span } = this.#orders.get(layout)!;
      this.#kernels.f32_quantize_i16_ordered(x, cols, address, span, this.#plain, values, scales, sums);
    }
    return { values, scales, sums, stride: paddedGroups(cols) };
  }

  /** `count` rows in their own order, for the batched kernel. */
  plain(x: number, cols: number, count: number, bytes: boolean): QuantizedActivations {
    const stride = paddedGroups(cols);
    const quantize = bytes ? this.#kernels.f32_quantize_i8 : this.#kernels.f32_quantize_i16;
    quantize(x, cols, count, stride, this.#plain, this.#scales, this.#sums);
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
