import type { Activation } from '../../transport/wire';
import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** `silu-mul.wgsl` and `gelu-mul.wgsl`. */
export class GateMulKernel {
  readonly #context: GpuContext;
  readonly #pipelines: Readonly<Record<Activation, GPUComputePipeline>>;

  private constructor(context: GpuContext, pipelines: Readonly<Record<Activation, GPUComputePipeline>>) {
    this.#context = context;
    this.#pipelines = pipelines;
  }

  static async create(context: GpuContext): Promise<GateMulKernel> {
    const [silu, gelu] = await Promise.all([
      context.pipeline('GateMulKernel.silu', ['silu-mul.wgsl']),
      context.pipeline('GateMulKernel.gelu', ['gelu-mul.wgsl']),
    ]);
    return new GateMulKernel(context, { silu: silu!, 'gelu-tanh': gelu! });
  }

  gate(gate: GpuFloats, up: GpuFloats, activation: Activation, count: number): Dispatch {
    const groups = Math.ceil((count * gate.stride) / 256);
    return this.#context.prepare(this.#pipelines[activation], [gate.buffer, up.buffer], groups);
  }
}
