import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

const THREADS = 64;

/** What some families of decoders do beyond Llama's operations: `add.wgsl`, `head-norm.wgsl`, `softcap.wgsl`. */
export class ElementwiseKernels {
  readonly #context: GpuContext;
  readonly #add: GPUComputePipeline;
  readonly #headNorm: GPUComputePipeline;
  readonly #softcap: GPUComputePipeline;

  private constructor(context: GpuContext, [add, headNorm, softcap]: readonly GPUComputePipeline[]) {
    this.#context = context;
    this.#add = add!;
    this.#headNorm = headNorm!;
    this.#softcap = softcap!;
  }

  static async create(context: GpuContext): Promise<ElementwiseKernels> {
    const names = ['add', 'head-norm', 'softcap'];
    const pipelines = names.map((name) => context.pipeline(`ElementwiseKernels.${name}`, [`${name}.wgsl`]));
    return new ElementwiseKernels(context, await Promise.all(pipelines));
  }

  /** Adds rows to rows, or one vector to every row. */
  add(x: GpuFloats, y: GpuFloats, one: boolean, count: number): Dispatch {
    const call = this.#context.uniform('ElementwiseKernels.add', [x.width, x.stride, one ? 0 : y.stride]);
    return this.#context.prepare(this.#add, [call, x.buffer, y.buffer], Math.ceil(x.width / THREADS), count);
  }

  normHeads(x: GpuFloats, gain: GpuFloats, epsilon: number, count: number): Dispatch {
    const call = this.#context.uniform('ElementwiseKernels.headNorm', [gain.length, x.stride, floatBits(epsilon)]);
    return this.#context.prepare(this.#headNorm, [call, x.buffer, gain.buffer], x.width / gain.length, count);
  }

  softcap(x: GpuFloats, bound: number): Dispatch {
    const call = this.#context.uniform('ElementwiseKernels.softcap', [x.width, floatBits(bound)]);
    return this.#context.prepare(this.#softcap, [call, x.buffer], Math.ceil(x.width / THREADS));
  }
}
