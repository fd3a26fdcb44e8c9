import type { TokenSampling } from '../backend';
import { floatBits, type Dispatch, type GpuContext } from './gpu-context';
import type { GpuFloats } from './gpu-floats';
import { expand } from './template';

const MOST_THREADS = 1024;
const WORDS = 6;

/** `sample.wgsl`: one workgroup, as large as the device allows. */
export class SampleKernel {
  readonly #context: GpuContext;
  readonly #pipeline: GPUComputePipeline;
  readonly #call: GPUBuffer;
  #words = '';

  private constructor(context: GpuContext, pipeline: GPUComputePipeline) {
    this.#context = context;
    this.#pipeline = pipeline;
    this.#call = context.buffer('SampleKernel.call', WORDS * 4, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  }

  static async create(context: GpuContext): Promise<SampleKernel> {
    const { software, invocations } = context.traits;
    const THREADS = software ? 64 : Math.min(MOST_THREADS, 2 ** Math.floor(Math.log2(invocations)));
    const code = expand(context.shader('sample.wgsl'), { THREADS });
    return new SampleKernel(context, await context.compile(`SampleKernel.${THREADS}`, code));
  }

  /** @param picked where the token goes */
  sample(logits: GpuFloats, count: number, sampling: TokenSampling, step: GPUBuffer, picked: GPUBuffer): Dispatch {
    this.#tell(count, sampling);
    return this.#context.prepare(this.#pipeline, [step, this.#call, logits.buffer, picked], 1);
  }

  /** Writes the settings where they are not those of the last token: seldom, and after what was recorded with others. */
  #tell(count: number, { topK, topP, temperature, seed, origin }: TokenSampling): void {
    const share = Math.min(0xffffffff, Math.floor(topP * 2 ** 32));
    const words = Uint32Array.of(count, topK, share, floatBits(1 / temperature), seed, origin);
    if (words.join() === this.#words) return;
    this.#words = words.join();
    this.#context.submit();
    this.#context.device.queue.writeBuffer(this.#call, 0, words);
  }
}
