import type { GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';

/** What the shader writes when there is no number. */
const NONE = 0xffffffff;

/** `argmax.wgsl`, with the four bytes that are read back. */
export class ArgmaxKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;
  readonly #winner: GPUBuffer;
  readonly #staging: GPUBuffer;

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
    this.#winner = context.storage('ArgmaxKernel.winner', 4);
    this.#staging = context.buffer('ArgmaxKernel.staging', 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  static async create(context: GpuContext): Promise<ArgmaxKernel> {
    return new ArgmaxKernel(context, await context.pipeline('ArgmaxKernel', ['argmax.wgsl']));
  }

  async argmax(x: GpuFloats, count: number): Promise<number> {
    const call = this.#context.uniform('ArgmaxKernel.call', [count]);
    this.#context.dispatch(this.#pipeline, [call, x.buffer, this.#winner], 1);
    this.#context.copy(this.#winner, this.#staging, 4);
    const [winner] = new Uint32Array(await this.#context.read(this.#staging, 4));
    return winner === NONE ? -1 : winner!;
  }
}
