import type { KvCache, KvShape } from '../backend';
import { canResume, codedEnd, KV_BLOCK, KV_SINKS, KV_VALUE_GROUP, recentSlots, type KvPrecision } from '../kv-format';
import type { GpuContext } from './gpu-context';
import type { Constants } from './template';

/** Rows of a step that a quantized cache takes at once; its ring holds that many beyond the window. */
export const CODED_ROWS = 32;

/** Where a layer's keys and values are, in the order in which shaders bind them. */
export type LayerBuffers = readonly GPUBuffer[];

/** How a layer's keys and values lie in its buffers. */
interface Layout {
  /** What shaders are expanded with; none for float32. */
  readonly constants: Constants;
  /** Other for other constants. */
  readonly name: string;
  readonly bytes: readonly { readonly label: string; readonly size: number }[];
}

/**
 * Keys and values of all layers: as float32 (kvHeads x capacity x headDim each), or in codes, as `kv-coded.wgsl` says. Heads
 * whose width is no multiple of four stay float32.
 */
export class GpuCache implements KvCache {
  readonly shape: KvShape;
  readonly precision: KvPrecision | null;
  readonly #layout: Layout;
  readonly #layers: readonly LayerBuffers[];

  constructor(context: GpuContext, shape: KvShape) {
    this.shape = shape;
    this.precision = shape.headDim % 4 === 0 ? (shape.precision ?? null) : null;
    this.#layout = this.precision ? codedLayout(shape, this.precision) : floatLayout(shape);
    this.#layers = Array.from({ length: shape.layers }, (_, layer) =>
      this.#layout.bytes.map(({ label, size }) => context.storage(`cache.${layer}.${label}`, size)));
  }

  get constants(): Constants {
    return this.#layout.constants;
  }

  get layoutName(): string {
    return this.#layout.name;
  }

  get bytes(): number {
    return this.shape.layers * this.#layout.bytes.reduce((sum, { size }) => sum + size, 0);
  }

  canResume(position: number, end: number): boolean {
    return canResume(position, end, this.precision, CODED_ROWS);
  }

  layer(index: number): LayerBuffers {
    return this.#layers[index]!;
  }
}

function floatLayout({ kvHeads, headDim, capacity }: KvShape): Layout {
  const size = kvHeads * headDim * capacity * 4;
  return { constants: { CODED: 0 }, name: 'f32', bytes: [{ label: 'keys', size }, { label: 'values', size }] };
}

function codedLayout({ kvHeads, headDim, capacity }: KvShape, { keys, values, window }: KvPrecision): Layout {
  const ring = Math.max(1, Math.min(capacity - KV_SINKS, recentSlots(window, CODED_ROWS)));
  const slots = KV_SINKS + ring;
  const tokens = Math.max(0, codedEnd(capacity - 1, window) - KV_SINKS);
  const groups = Math.ceil(headDim / 32);
  const scales = (tokens / KV_BLOCK) * headDim + tokens * Math.ceil(headDim / KV_VALUE_GROUP);
  return {
    constants: {
      CODED: 1, HEAD_DIM: headDim, KV_HEADS: kvHeads, SLOTS: slots, CODED_TOKENS: tokens, WINDOW: window,
      KEY_BITS: keys, VALUE_BITS: values, KEY_MOST: 2 ** keys - 1, VALUE_MOST: 2 ** values - 1,
    },
    name: `k${keys}v${values}w${window}s${slots}t${tokens}`,
    bytes: [
      { label: 'recent', size: kvHeads * slots * headDim * 4 },
      { label: 'codes', size: kvHeads * tokens * groups * (keys + values) * 4 },
      { label: 'scales', size: kvHeads * scales * 4 },
    ],
  };
}
