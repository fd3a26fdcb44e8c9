import type { EncoderActivation } from '../../transport/wire';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import { expand, type Constants } from './template';

const THREADS = 64;
const KINDS: Readonly<Record<EncoderActivation, number>> = { gelu: 0, 'gelu-tanh': 1, 'quick-gelu': 2 };

/** What encoders do beyond decoders' operations: `layer-norm.wgsl`, `activate.wgsl`, `copy.wgsl`; made when first asked for. */
export class EncoderKernels {
  readonly #context: GpuContext;
  readonly #pipelines = new Map<string, GPUComputePipeline>();

  constructor(context: GpuContext) {
    this.#context = context;
  }

  layerNorm(x: GpuFloats, gain: GpuFloats, bias: GpuFloats, epsilon: number, count: number): Dispatch {
    const call = this.#context.uniform('EncoderKernels.layerNorm', [x.width, x.stride, floatBits(epsilon)]);
    return this.#context.prepare(this.#pipeline('layer-norm'), [call, x.buffer, gain.buffer, bias.buffer], count);
  }

  activate(x: GpuFloats, activation: EncoderActivation, count: number): Dispatch {
    const quads = (count * x.stride) / 4;
    const pipeline = this.#pipeline('activate', { KIND: KINDS[activation] });
    return this.#context.prepare(pipeline, [this.#quads(quads), x.buffer], Math.ceil(quads / THREADS));
  }

  /** @param y as wide as x */
  copy(x: GpuFloats, y: GpuFloats, count: number): Dispatch {
    const quads = (count * x.stride) / 4;
    return this.#context.prepare(this.#pipeline('copy'), [this.#quads(quads), x.buffer, y.buffer], Math.ceil(quads / THREADS));
  }

  #quads(quads: number): GPUBuffer {
    return this.#context.uniform('EncoderKernels.quads', [quads]);
  }

  #pipeline(name: string, constants: Constants = {}): GPUComputePipeline {
    const label = ['EncoderKernels', name, ...Object.values(constants)].join('.');
    const code = () => expand(this.#context.shader(`${name}.wgsl`), constants);
    const pipeline = this.#pipelines.get(label) ?? this.#context.compileNow(label, code());
    this.#pipelines.set(label, pipeline);
    return pipeline;
  }
}
