import { FacetError } from '../errors';
import type { FinishReason, GenerationStats } from '../options';
import { PICKED } from '../kernels/backend';
import type { LlamaDecoder } from './llama-decoder';
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
}

/** A token that the device picks. */
interface Pick {
  readonly token: Promise<number>;
  known: boolean;
}

/** Most steps that run before the first one's token is read. */
const MOST_AHEAD = 16;

/** One run of a decoder from a prompt: prefill in chunks, then token by token. */
export class Generation {
  readonly #decoder: LlamaDecoder;
  readonly #chunk: number;
  readonly #request: GenerationRequest;
  readonly #sampler: Sampler | null;
  readonly #started = performance.now();
  #firstTokenMs = 0;
  #lastTokenMs = 0;
  #tokens = 0;

  /**
   * @param chunk most tokens that the backend takes in one step
   * @throws FacetError `context-exceeded`, `invalid-argument`
   */
  constructor(decoder: LlamaDecoder, chunk: number, request: GenerationRequest) {
    if (request.prompt.length === 0) throw new FacetError('invalid-argument', 'The prompt is empty.');
    if (request.prompt.length >= decoder.capacity) {
      const { length } = request.prompt;
      throw new FacetError('context-exceeded', `The prompt has ${length} tokens; the context holds ${decoder.capacity}.`);
    }
    this.#decoder = decoder;
    this.#chunk = chunk;
    this.#request = request;
    this.#sampler = request.sampling && new Sampler(request.sampling);
  }

  /** Yields token ids, end-of-text excluded, and returns why it ended. */
  async *run(): AsyncGenerator<number, FinishReason, void> {
    const { prompt, maxTokens, stopTokens, signal } = this.#request;
    if (maxTokens <= 0) return 'max-tokens';
    if (!(await this.#prefill())) return 'aborted';
    const ahead: Pick[] = [];
    let depth = this.#decoder.lookahead;
    try {
      for (let position = prompt.length; ; position++) {
        this.#runAhead(ahead, depth, position);
        const token = await this.#nextToken(ahead.shift()?.token);
        if (stopTokens.has(token)) return 'end-of-text';
        this.#tokens++;
        yield token;
        if (this.#tokens >= maxTokens) return 'max-tokens';
        if (position >= this.#decoder.capacity) return 'context-full';
        await yieldTurn();
        if (signal.aborted) return 'aborted';
        if (ahead.length === 0) this.#decoder.step([token], position, true);
        else if (ahead.every(({ known }) => known)) depth = Math.min(MOST_AHEAD, 2 * depth);
      }
    } finally {
      await Promise.allSettled(ahead.map(({ token }) => token));
    }
  }

  /**
   * Where the backend picks tokens itself, asks for the one at `position` and starts steps with those not yet read, so that
   * the device has work while the host reads. The deeper, the more steps are in vain after the last token; so `depth` grows
   * only when the device has run dry: Firefox tells of a finished read up to 100 ms late.
   */
  #runAhead(ahead: Pick[], depth: number, position: number): void {
    if (this.#sampler || depth === 0) return;
    const wanted = Math.min(depth + 1, this.#request.maxTokens - this.#tokens, this.#decoder.capacity - position + 1);
    if (ahead.length === 0) ahead.push(pickOf(this.#decoder.likeliest()));
    while (ahead.length < wanted) {
      this.#decoder.step(PICKED, position + ahead.length - 1, true);
      ahead.push(pickOf(this.#decoder.likeliest()));
    }
  }

  stats(finish: FinishReason): GenerationStats {
    const prefilled = this.#request.prompt.length;
    const decodeMs = this.#tokens > 1 ? (this.#lastTokenMs - this.#firstTokenMs) / (this.#tokens - 1) : null;
    return {
      promptTokens: prefilled,
      tokens: this.#tokens,
      timeToFirstTokenMs: this.#firstTokenMs,
      prefillMsPerToken: this.#firstTokenMs / prefilled,
      decodeMsPerToken: decodeMs,
      tokensPerSecond: decodeMs ? 1000 / decodeMs : null,
      finish,
    };
  }

  /** False when it was aborted on the way. */
  async #prefill(): Promise<boolean> {
    const { prompt, signal } = this.#request;
    for (let start = 0; start < prompt.length; start += this.#chunk) {
      await yieldTurn();
      if (signal.aborted) return false;
      const end = Math.min(prompt.length, start + this.#chunk);
      this.#decoder.step(prompt.slice(start, end), start, end === prompt.length);
    }
    return true;
  }

  /** @param picked what the device picks, where it was asked to */
  async #nextToken(picked?: Promise<number>): Promise<number> {
    const likeliest = () => picked ?? this.#decoder.likeliest();
    const token = this.#sampler ? this.#sampler.draw(await this.#decoder.logits()) : await likeliest();
    if (token < 0) throw new FacetError('numeric-failure', 'The model produced logits that are not numbers.');
    this.#lastTokenMs = performance.now() - this.#started;
    if (this.#tokens === 0) this.#firstTokenMs = this.#lastTokenMs;
    return token;
  }
}

function pickOf(token: Promise<number>): Pick {
  const pick = { token, known: false };
  const settle = () => {
    pick.known = true;
  };
  token.then(settle, settle);
  return pick;
}
