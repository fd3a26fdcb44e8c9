import { FacetError } from '../errors';
import type { FinishReason } from '../options';
import type { LlamaDecoder } from './llama-decoder';
import { RunAhead } from './run-ahead';
import { Sampler, type SamplingOptions } from './sampler';
import { yieldTurn } from './turn';

export interface GenerationRequest {
  readonly prompt: readonly number[];
  readonly maxTokens: number;
  /** Tokens that end the text; empty to go on after them. */
  readonly stopTokens: ReadonlySet<number>;
  /** Null: always the likeliest token. */
  readonly sampling: SamplingOptions | null;
  readonly signal: AbortSignal;
  /** Whether tokens that the decoder's cache holds may be left out. */
  readonly reuse: boolean;
}

/** One run of a decoder from a prompt: prefill in chunks of what its cache does not hold yet, then token by token. */
export class Generation {
  readonly #decoder: LlamaDecoder;
  readonly #chunk: number;
  readonly #request: GenerationRequest;
  readonly #sampler: Sampler | null;
  /** The prompt, and what was written before this run. */
  readonly #context: readonly number[];
  /** Tokens written in answer, those before this run among them. */
  #tokens: number;
  #reused = 0;

  /**
   * @param chunk most tokens that the backend takes in one step
   * @param written tokens that another run has written already: this one reads them behind the prompt and goes on
   * @throws FacetError `context-exceeded`, `invalid-argument`
   */
  constructor(decoder: LlamaDecoder, chunk: number, request: GenerationRequest, written: readonly number[] = []) {
    if (request.prompt.length === 0) throw new FacetError('invalid-argument', 'The prompt is empty.');
    if (request.prompt.length >= decoder.capacity) {
      const { length } = request.prompt;
      throw new FacetError('context-exceeded', `The prompt has ${length} tokens; the context holds ${decoder.capacity}.`);
    }
    this.#decoder = decoder;
    this.#chunk = chunk;
    this.#request = request;
    this.#context = [...request.prompt, ...written];
    this.#tokens = written.length;
    this.#sampler = request.sampling && new Sampler(request.sampling);
  }

  /** Tokens of the prompt, and of what was written before, that were found in the cache. */
  get reused(): number {
    return this.#reused;
  }

  /** Yields token ids, end-of-text excluded, and returns why it ended. */
  async *run(): AsyncGenerator<number, FinishReason, void> {
    const { maxTokens, stopTokens, signal } = this.#request;
    if (this.#tokens >= maxTokens) return 'max-tokens';
    if (this.#context.length > this.#decoder.capacity) return 'context-full';
    if (!(await this.#prefill())) return 'aborted';
    const ahead = this.#deviceCanPick() ? new RunAhead(this.#decoder, () => this.#pick()) : null;
    try {
      for (let position = this.#context.length; ; position++) {
        const token = await this.#token(position, ahead);
        if (stopTokens.has(token)) return 'end-of-text';
        this.#tokens++;
        yield token;
        if (this.#tokens >= maxTokens) return 'max-tokens';
        if (position >= this.#decoder.capacity) return 'context-full';
        await yieldTurn();
        if (signal.aborted) return 'aborted';
        if (!ahead) this.#decoder.step([token], position, true);
      }
    } finally {
      await ahead?.settled();
    }
  }

  /** False when it was aborted on the way. */
  async #prefill(): Promise<boolean> {
    const { length } = this.#context;
    this.#reused = this.#request.reuse ? this.#decoder.resume(this.#context) : 0;
    for (let start = this.#reused; start < length; start += this.#chunk) {
      await yieldTurn();
      if (this.#request.signal.aborted) return false;
      const end = Math.min(length, start + this.#chunk);
      this.#decoder.step(this.#context.slice(start, end), start, end === length);
    }
    return true;
  }

  #deviceCanPick(): boolean {
    return this.#decoder.lookahead > 0 && (!this.#request.sampling || this.#decoder.canSample);
  }

  /** Asks the backend for the next token after the last step. */
  #pick(): Promise<number> {
    const { sampling, prompt } = this.#request;
    return sampling ? this.#decoder.sample({ ...sampling, origin: prompt.length }) : this.#decoder.likeliest();
  }

  /** The token at `position`. */
  async #token(position: number, ahead: RunAhead | null): Promise<number> {
    const wanted = Math.min(this.#request.maxTokens - this.#tokens, this.#decoder.capacity - position + 1);
    const token = await (ahead ? ahead.next(position, wanted) : this.#drawn());
    if (token < 0) {
      this.#decoder.forget();
      throw new FacetError('numeric-failure', 'The model produced logits that are not finite numbers.');
    }
    this.#decoder.name(position, token);
    return token;
  }

  async #drawn(): Promise<number> {
    return this.#sampler ? this.#sampler.draw(await this.#decoder.logits(), this.#tokens) : this.#decoder.likeliest();
  }
}
