import { CODED_ROWS, type GpuCache } from './gpu-cache';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import { expand } from './template';

const THREADS = 64;

/** Rows of a step. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** `rope-store.wgsl` and, for caches in codes, `rope-store-coded.wgsl`: rotates queries and keys, appends to the cache. */
export class RopeStoreKernel {
  readonly #context: GpuContext;
  readonly #plain: GPUComputePipeline;
  readonly #coded = new Map<string, GPUComputePipeline>();

  private constructor(context: GpuContext, plain: GPUComputePipeline) {
    this.#context = context;
    this.#plain = plain;
  }

  static async create(context: GpuContext): Promise<RopeStoreKernel> {
    return new RopeStoreKernel(context, await context.pipeline('RopeStoreKernel', ['rope-store.wgsl']));
  }

  /** @param rows all of the step's, or for caches in codes up to `CODED_ROWS` of them */
  store(
    query: GpuFloats, key: GpuFloats, value: GpuFloats, rotation: GpuFloats, cache: GpuCache, layer: number, step: GPUBuffer,
    rows: RowRange,
  ): Dispatch[] {
    const { kvHeads, headDim, capacity } = cache.shape;
    const buffers = [query.buffer, key.buffer, value.buffer, rotation.buffer, ...cache.layer(layer)];
    const heads = query.width / headDim;
    if (cache.precision) {
      const words = [heads, capacity, query.stride, key.stride, rows.first, rows.count];
      const storing = Math.ceil((query.width / 2 + kvHeads * headDim * 0.75) / THREADS);
      return this.#storeCoded(cache, step, buffers, words, storing);
    }
    const call = this.#context.uniform('RopeStoreKernel.call', [heads, kvHeads, headDim, capacity, query.stride, key.stride]);
    const threads = query.width / 2 + kvHeads * headDim * 1.5;
    return [this.#context.prepare(this.#plain, [step, call, ...buffers], Math.ceil(threads / THREADS), rows.count)];
  }

  /** Storing and coding go together where no row may be in the block that is coded. */
  #storeCoded(cache: GpuCache, step: GPUBuffer, buffers: readonly GPUBuffer[], words: readonly number[], storing: number): Dispatch[] {
    const { kvHeads } = cache.shape;
    const count = words[words.length - 1]!;
    const { label, code } = this.#source(cache);
    const pipeline = this.#coded.get(label) ?? this.#context.compileNow(label, code);
    this.#coded.set(label, pipeline);
    const dispatch = (threshold: number, x: number, y: number) => {
      const call = this.#context.uniform('RopeStoreKernel.coded', [...words, threshold]);
      return this.#context.prepare(pipeline, [step, call, ...buffers], x, y);
    };
    if (cache.precision!.window >= CODED_ROWS) return [dispatch(storing, storing + kvHeads, count)];
    return [dispatch(storing, storing, count), dispatch(0, kvHeads, 1)];
  }

  #source({ layoutName, constants, shape }: GpuCache): { label: string; code: string } {
    const templates = ['kv-coded.wgsl', 'rope-store-coded.wgsl'].map((name) => this.#context.shader(name));
    return { label: `RopeStoreKernel.${layoutName}.${shape.kvHeads}x${shape.headDim}`, code: expand(templates.join('\n'), constants) };
  }
}
