/** Stands for a token that only the device knows, and for part of a picture, which may be another next time. */
const UNKNOWN = -1;

/** Which tokens a decoder's cache has keys and values of: a sequence that begins with the same ones need not read them again. */
export class HeldTokens {
  /** By position. */
  readonly #tokens: number[] = [];
  #end = 0;

  /** End of the positions written since the sequence began, those written in vain included. */
  get end(): number {
    return this.#end;
  }

  /** Gives up what is held at `position` and behind it. */
  cut(position: number): void {
    if (position === 0) this.#end = 0;
    this.#tokens.length = Math.min(this.#tokens.length, position);
  }

  /** Notes tokens written at `position` and after; those behind a gap are of no use. */
  add(position: number, tokens: readonly (number | null)[]): void {
    this.#end = Math.max(this.#end, position + tokens.length);
    if (position === this.#tokens.length) this.#tokens.push(...tokens.map((token) => token ?? UNKNOWN));
  }

  /** Names the token at `position`, which the device has picked. */
  name(position: number, token: number): void {
    if (position < this.#tokens.length) this.#tokens[position] = token;
  }

  /** How many of a sequence's first tokens are held. */
  shared(sequence: readonly number[]): number {
    const differing = sequence.findIndex((token, position) => this.#tokens[position] !== token);
    return differing < 0 ? sequence.length : differing;
  }
}
