import type { Rows } from '../backend';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** `rms-norm.wgsl`. */
export class RmsNormKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
  }

  static async create(context: GpuContext): Promise<RmsNormKernel> {
    return new RmsNormKernel(context, await context.pipeline('RmsNormKernel', ['rms-norm.wgsl']));
  }

  norm(x: GpuFloats, gain: GpuFloats, out: GpuFloats, epsilon: number, step: GPUBuffer, count: number, rows: Rows): Dispatch {
    const last = rows === 'last' ? 1 : 0;
    const call = this.#context.uniform('RmsNormKernel.call', [gain.length, x.stride, floatBits(epsilon), last]);
    return this.#context.prepare(this.#pipeline, [step, call, x.buffer, gain.buffer, out.buffer], last ? 1 : count);
  }
}
