import type { GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** What the shader writes when there is no number. */
const NONE = 0xffffffff;
/** Floats of a workgroup at least, and workgroups at most. */
const LEAST_RUN = 1024;
const MOST_WORKGROUPS = 64;

/** `argmax.wgsl` and `argmax-join.wgsl`, with the four bytes that are read back. */
export class ArgmaxKernel {
  readonly #context: GpuContext;
  readonly #find: GPUComputePipeline;
  readonly #join: GPUComputePipeline;
  readonly #tokens: GPUBuffer;
  readonly #found: GPUBuffer;
  readonly #winner: GPUBuffer;
  /** Staging buffers that no read is waiting for. */
  readonly #free: GPUBuffer[] = [];

  private constructor(context: GpuContext, tokens: GPUBuffer, find: GPUComputePipeline, join: GPUComputePipeline) {
    this.#context = context;
    this.#tokens = tokens;
    this.#find = find;
    this.#join = join;
    this.#found = context.storage('ArgmaxKernel.found', MOST_WORKGROUPS * 8);
    this.#winner = context.storage('ArgmaxKernel.winner', 4);
  }

  /** @param tokens where the index goes too: the next step's tokens */
  static async create(context: GpuContext, tokens: GPUBuffer): Promise<ArgmaxKernel> {
    const [find, join] = await Promise.all([
      context.pipeline('ArgmaxKernel.find', ['argmax.wgsl']),
      context.pipeline('ArgmaxKernel.join', ['argmax-join.wgsl']),
    ]);
    return new ArgmaxKernel(context, tokens, find, join);
  }

  async argmax(x: GpuFloats, count: number): Promise<number> {
    const run = Math.max(LEAST_RUN, Math.ceil(count / MOST_WORKGROUPS));
    const workgroups = Math.ceil(count / run);
    const call = this.#context.uniform('ArgmaxKernel.call', [count, run]);
    const joined = this.#context.uniform('ArgmaxKernel.joined', [workgroups]);
    this.#context.dispatch(this.#find, [call, x.buffer, this.#found], workgroups);
    this.#context.dispatch(this.#join, [joined, this.#found, this.#winner, this.#tokens], 1);
    const staging = this.#free.pop() ?? this.#staging();
    this.#context.copy(this.#winner, staging, 4);
    const [winner] = new Uint32Array(await this.#context.read(staging, 4));
    this.#free.push(staging);
    return winner === NONE ? -1 : winner!;
  }

  #staging(): GPUBuffer {
    return this.#context.buffer('ArgmaxKernel.staging', 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }
}
