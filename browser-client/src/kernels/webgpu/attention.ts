import { FacetError } from '../../errors';
import type { KvShape } from '../backend';
import type { GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import type { GpuLayerCache } from './rope-store';

/** Four dimensions a thread, 64 threads. */
const LARGEST_HEAD = 256;

/** `attention.wgsl`. */
export class AttentionKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
  }

  static async create(context: GpuContext): Promise<AttentionKernel> {
    return new AttentionKernel(context, await context.pipeline('AttentionKernel', ['attention.wgsl']));
  }

  attend(query: GpuFloats, cache: GpuLayerCache, shape: KvShape, out: GpuFloats, step: GPUBuffer, count: number): void {
    const { kvHeads, headDim, capacity } = shape;
    if (headDim > LARGEST_HEAD) {
      throw new FacetError('kernel-invalid', `Heads of ${headDim} are beyond the WebGPU kernels' ${LARGEST_HEAD}.`);
    }
    const heads = query.width / headDim;
    const call = this.#context.uniform('AttentionKernel.call', [heads, kvHeads, headDim, capacity, query.stride]);
    const buffers = [step, call, query.buffer, cache.keys, cache.values, out.buffer];
    this.#context.dispatch(this.#pipeline, buffers, heads, count);
  }
}
