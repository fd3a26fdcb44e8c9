import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** `silu-mul.wgsl`. */
export class SiluMulKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
  }

  static async create(context: GpuContext): Promise<SiluMulKernel> {
    return new SiluMulKernel(context, await context.pipeline('SiluMulKernel', ['silu-mul.wgsl']));
  }

  gate(gate: GpuFloats, up: GpuFloats, count: number): Dispatch {
    return this.#context.prepare(this.#pipeline, [gate.buffer, up.buffer], Math.ceil((count * gate.stride) / 256));
  }
}
