import type { KvShape } from '../backend';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** One layer's keys and values: f32 x kvHeads x capacity x headDim each. */
export interface GpuLayerCache {
  readonly keys: GPUBuffer;
  readonly values: GPUBuffer;
}

/** `rope-store.wgsl`: rotates queries and keys, appends keys and values to the cache. */
export class RopeStoreKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
  }

  static async create(context: GpuContext): Promise<RopeStoreKernel> {
    return new RopeStoreKernel(context, await context.pipeline('RopeStoreKernel', ['rope-store.wgsl']));
  }

  store(
    query: GpuFloats, key: GpuFloats, value: GpuFloats, rotation: GpuFloats, cache: GpuLayerCache, shape: KvShape,
    step: GPUBuffer, count: number,
  ): Dispatch {
    const { kvHeads, headDim, capacity } = shape;
    const words = [query.width / headDim, kvHeads, headDim, capacity, query.stride, key.stride];
    const call = this.#context.uniform('RopeStoreKernel.call', words);
    const threads = query.width / 2 + kvHeads * headDim * 1.5;
    const buffers = [step, call, query.buffer, key.buffer, value.buffer, rotation.buffer, cache.keys, cache.values];
    return this.#context.prepare(this.#pipeline, buffers, Math.ceil(threads / 64), count);
  }
}
