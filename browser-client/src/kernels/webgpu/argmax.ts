import type { Dispatch, GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** Floats of a workgroup at least, and workgroups at most. */
const LEAST_RUN = 1024;
const MOST_WORKGROUPS = 64;

/** `argmax.wgsl` and `argmax-join.wgsl`. */
export class ArgmaxKernel {
  readonly #context: GpuContext;
  readonly #find: GPUComputePipeline;
  readonly #join: GPUComputePipeline;
  readonly #found: GPUBuffer;

  private constructor(context: GpuContext, find: GPUComputePipeline, join: GPUComputePipeline) {
    this.#context = context;
    this.#find = find;
    this.#join = join;
    this.#found = context.storage('ArgmaxKernel.found', MOST_WORKGROUPS * 8);
  }

  static async create(context: GpuContext): Promise<ArgmaxKernel> {
    const [find, join] = await Promise.all([
      context.pipeline('ArgmaxKernel.find', ['argmax.wgsl']),
      context.pipeline('ArgmaxKernel.join', ['argmax-join.wgsl']),
    ]);
    return new ArgmaxKernel(context, find, join);
  }

  /** @param picked where the index goes */
  argmax(x: GpuFloats, count: number, picked: GPUBuffer): Dispatch[] {
    const run = Math.max(LEAST_RUN, Math.ceil(count / MOST_WORKGROUPS));
    const workgroups = Math.ceil(count / run);
    const call = this.#context.uniform('ArgmaxKernel.call', [count, run]);
    const joined = this.#context.uniform('ArgmaxKernel.joined', [workgroups]);
    return [
      this.#context.prepare(this.#find, [call, x.buffer, this.#found], workgroups),
      this.#context.prepare(this.#join, [joined, this.#found, picked], 1),
    ];
  }
}
