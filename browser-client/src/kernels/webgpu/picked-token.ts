import type { Dispatch, GpuContext } from './gpu-context';

/** What a kernel picks where there is nothing to pick from. */
const NONE = 0xffffffff;
/** Tokens that are read back together at most. */
const MOST_TOKENS = 32;

/** Tokens that are read back in one go. */
interface Batch {
  readonly staging: GPUBuffer;
  readonly words: Promise<Uint32Array>;
  count: number;
}

/**
 * The token that a kernel picked last: four bytes, read back together with those of all steps that were recorded in the
 * same turn of the event loop, and on the device the next step's token.
 */
export class PickedToken {
  readonly buffer: GPUBuffer;
  /** Makes this token the next step's only one, at the position after the last step's. */
  readonly advance: Dispatch;
  readonly #context: GpuContext;
  /** Staging buffers that no read is waiting for. */
  readonly #free: GPUBuffer[] = [];
  #batch: Batch | null = null;

  private constructor(context: GpuContext, buffer: GPUBuffer, advance: Dispatch) {
    this.#context = context;
    this.buffer = buffer;
    this.advance = advance;
  }

  /** @param step position and count, `tokens` the ids of the step to come */
  static async create(context: GpuContext, step: GPUBuffer, tokens: GPUBuffer): Promise<PickedToken> {
    const buffer = context.storage('PickedToken', 4);
    const pipeline = await context.pipeline('PickedToken.advance', ['advance.wgsl']);
    return new PickedToken(context, buffer, context.prepare(pipeline, [step, buffer, tokens], 1));
  }

  /** The token as recorded so far; -1 when there was nothing to pick. */
  async read(): Promise<number> {
    const batch = this.#batch ?? this.#open();
    const at = batch.count++;
    this.#context.copy(this.buffer, batch.staging, 4, at * 4);
    if (batch.count === MOST_TOKENS) this.#batch = null;
    const token = (await batch.words)[at]!;
    return token === NONE ? -1 : token;
  }

  #open(): Batch {
    const staging = this.#free.pop() ?? this.#staging();
    // Whatever else is recorded in this turn comes first.
    const words = Promise.resolve().then(() => this.#close(batch));
    const batch: Batch = { staging, words, count: 0 };
    this.#batch = batch;
    return batch;
  }

  async #close(batch: Batch): Promise<Uint32Array> {
    if (this.#batch === batch) this.#batch = null;
    const words = new Uint32Array(await this.#context.read(batch.staging, batch.count * 4));
    this.#free.push(batch.staging);
    return words;
  }

  #staging(): GPUBuffer {
    return this.#context.buffer('PickedToken.staging', MOST_TOKENS * 4, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }
}
