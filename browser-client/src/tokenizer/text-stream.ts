const REPLACEMENT = '\uFFFD';
/** A token may end one character of four bytes and begin another: what is not whole after so many never will be. */
const LONGEST_WAIT = 8;

/**
 * Turns a stream of token ids into text. A character may be spread over several tokens, and a token's text may depend
 * on the one before it, so a window of tokens is decoded together and text is let out only once it is whole.
 */
export class TextStream {
  readonly #decode: (ids: readonly number[]) => string;
  /** Tokens whose text is out, kept as context for what follows. */
  #context: number[] = [];
  #pending: number[] = [];

  constructor(decode: (ids: readonly number[]) => string) {
    this.#decode = decode;
  }

  /** The text that became whole with this token; empty while a character is incomplete. */
  push(id: number): string {
    this.#pending.push(id);
    const text = this.#pendingText();
    if (text.endsWith(REPLACEMENT) && this.#pending.length < LONGEST_WAIT) return '';
    this.#context = this.#pending;
    this.#pending = [];
    return text;
  }

  /** What is left when no token follows. */
  end(): string {
    const text = this.#pendingText();
    this.#context = [];
    this.#pending = [];
    return text;
  }

  #pendingText(): string {
    if (this.#pending.length === 0) return '';
    const before = this.#decode(this.#context);
    return this.#decode([...this.#context, ...this.#pending]).slice(before.length);
  }
}
