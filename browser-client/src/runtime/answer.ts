import type { FinishReason, GenerationStats } from '../options';
import type { TextStream } from '../tokenizer/text-stream';
import type { GenerationRequest } from './generation';

/** Told of each token: the text that became whole with it, and its id; at the end of text that no id completed. */
export type OnPiece = (text: string, ids: readonly number[]) => void;

/**
 * What has been written in answer to a request. It outlives the backend that writes it: another one takes the tokens so far
 * behind the prompt and goes on, and what the caller has been given stays as it is.
 */
export class Answer {
  readonly request: GenerationRequest;
  readonly #text: TextStream;
  readonly #onPiece: OnPiece;
  readonly #started = performance.now();
  readonly #tokens: number[] = [];
  #firstTokenMs = 0;
  #lastTokenMs = 0;

  constructor(request: GenerationRequest, text: TextStream, onPiece: OnPiece) {
    this.request = request;
    this.#text = text;
    this.#onPiece = onPiece;
  }

  /** Ids written so far. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  add(token: number): void {
    this.#lastTokenMs = performance.now() - this.#started;
    if (this.#tokens.length === 0) this.#firstTokenMs = this.#lastTokenMs;
    this.#tokens.push(token);
    this.#onPiece(this.#text.push(token), [token]);
  }

  /** No token follows. */
  end(): void {
    const rest = this.#text.end();
    if (rest) this.#onPiece(rest, []);
  }

  /**
   * Times are those that the caller saw, a change of backend included.
   *
   * @param reusedTokens of the prompt that had not to be read
   */
  stats(finish: FinishReason, reusedTokens: number): GenerationStats {
    const promptTokens = this.request.prompt.length;
    const written = this.#tokens.length;
    const decodeMs = written > 1 ? (this.#lastTokenMs - this.#firstTokenMs) / (written - 1) : null;
    return {
      promptTokens,
      reusedTokens,
      tokens: written,
      timeToFirstTokenMs: this.#firstTokenMs,
      prefillMsPerToken: this.#firstTokenMs / Math.max(1, promptTokens - reusedTokens),
      decodeMsPerToken: decodeMs,
      tokensPerSecond: decodeMs ? 1000 / decodeMs : null,
      finish,
    };
  }
}
