import type { AttentionSpan, KvCache, KvShape } from '../backend';
import { canResume, KV_BLOCK, KV_SINKS, recentSlots, type KvPrecision } from '../kv-format';
import type { Arena } from './arena';
import type { WasmKernels } from './exports';

/** The positions that a step works on. */
export interface Positions {
  readonly first: number;
  readonly count: number;
}

/** A cache with the kernels that fill and read it. Arguments are addresses of rows of a step. */
export interface WasmCache extends KvCache {
  readonly bytes: number;
  append(layer: number, key: number, value: number, positions: Positions): void;
  attend(layer: number, query: number, heads: number, out: number, positions: Positions, span: AttentionSpan): void;
}

/** What a cache is made with. */
export interface CacheContext {
  readonly kernels: WasmKernels;
  readonly arena: Arena;
  readonly threads: number;
  /** Most positions of a step. */
  readonly maxStep: number;
}

export function wasmCache(shape: KvShape, context: CacheContext): WasmCache {
  return shape.precision ? new CodedCache(shape, shape.precision, context) : new FloatCache(shape, context);
}

/** Keys and values as float32. */
class FloatCache implements WasmCache {
  readonly shape: KvShape;
  readonly bytes: number;
  readonly #kernels: WasmKernels;
  readonly #layerBytes: number;
  readonly #keys: number;
  readonly #values: number;
  readonly #scores: number;
  readonly #scoreBytes: number;

  constructor(shape: KvShape, { kernels, arena, threads }: CacheContext) {
    this.shape = shape;
    this.#kernels = kernels;
    this.#layerBytes = shape.kvHeads * shape.capacity * shape.headDim * 4;
    this.bytes = 2 * shape.layers * this.#layerBytes;
    this.#keys = arena.allocate(this.bytes / 2);
    this.#values = arena.allocate(this.bytes / 2);
    this.#scoreBytes = wholeLines((shape.capacity + 4) * 4);
    this.#scores = arena.allocate(threads * this.#scoreBytes);
  }

  canResume(position: number, end: number): boolean {
    return canResume(position, end, null, 0);
  }

  append(layer: number, key: number, value: number, { first, count }: Positions): void {
    const { kvHeads, headDim, capacity } = this.shape;
    const offset = layer * this.#layerBytes;
    this.#kernels.f32_append(key, value, this.#keys + offset, this.#values + offset, kvHeads, headDim, capacity, first, count);
  }

  attend(layer: number, query: number, heads: number, out: number, { first, count }: Positions, span: AttentionSpan): void {
    const { kvHeads, headDim, capacity } = this.shape;
    const offset = layer * this.#layerBytes;
    this.#kernels.f32_attention(
      query, this.#keys + offset, this.#values + offset, out, this.#scores, this.#scoreBytes, heads, kvHeads, headDim,
      capacity, first, count, windowOf(span), span.softcap ?? 0, span.everything ?? -1,
    );
  }
}

/** Positions of a window, as an integer. */
function windowOf({ window }: AttentionSpan): number {
  return Math.min(window, 0x7fff_ffff);
}

const DESCRIPTOR_BYTES = 44;

/** Keys and values in codes, sinks and recent ones as float16: docs/kv-cache.md. */
class CodedCache implements WasmCache {
  readonly shape: KvShape;
  readonly bytes: number;
  readonly #kernels: WasmKernels;
  readonly #precision: KvPrecision;
  readonly #maxStep: number;
  /** By layer: the address of what describes its cache to the kernels. */
  readonly #layers: readonly number[];
  readonly #scratch: number;
  readonly #scratchBytes: number;

  constructor(shape: KvShape, precision: KvPrecision, context: CacheContext) {
    const { kernels, arena, threads, maxStep } = context;
    const before = arena.used;
    const slots = Math.max(0, Math.min(shape.capacity - KV_SINKS, recentSlots(precision.window, maxStep)));
    const blocks = Math.max(0, Math.floor((shape.capacity - KV_SINKS - precision.window) / KV_BLOCK));
    this.shape = shape;
    this.#kernels = kernels;
    this.#precision = precision;
    this.#maxStep = maxStep;
    this.#layers = Array.from({ length: shape.layers }, () => describeLayer(shape, precision, slots, blocks, context));
    this.bytes = arena.used - before;
    this.#scratchBytes = wholeLines(kernels.kv_scratch_bytes(shape.capacity));
    this.#scratch = arena.allocate(threads * this.#scratchBytes);
  }

  canResume(position: number, end: number): boolean {
    return canResume(position, end, this.#precision, this.#maxStep);
  }

  append(layer: number, key: number, value: number, { first, count }: Positions): void {
    this.#kernels.kv_append(this.#layers[layer]!, key, value, first, count);
  }

  attend(layer: number, query: number, heads: number, out: number, { first, count }: Positions, span: AttentionSpan): void {
    this.#kernels.kv_attention(
      this.#layers[layer]!, query, out, this.#scratch, this.#scratchBytes, heads, first, count, windowOf(span), span.softcap ?? 0,
    );
  }
}

/** Reserves a layer's cache and describes it as class CodedCache of `wasm/assembly/coded-cache.ts`. */
function describeLayer(
  { kvHeads, headDim }: KvShape, precision: KvPrecision, slots: number, blocks: number, { kernels, arena }: CacheContext,
): number {
  const rows = kvHeads * (KV_SINKS + slots) * headDim * 2;
  const keys = kernels.kv_key_block_bytes(headDim, precision.keys);
  const values = kernels.kv_value_block_bytes(headDim, precision.values);
  const words = [
    arena.allocate(rows), arena.allocate(rows), arena.allocate(kvHeads * blocks * keys), arena.allocate(kvHeads * blocks * values),
    kvHeads, headDim, slots, blocks, precision.keys, precision.values, precision.window,
  ];
  const descriptor = arena.allocate(DESCRIPTOR_BYTES);
  const view = arena.view(descriptor, DESCRIPTOR_BYTES);
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  return descriptor;
}

/** Threads that write to neighbours share no cache line. */
function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
