import { PICKED } from '../kernels/backend';
import type { LlamaDecoder } from './llama-decoder';

/** A token that the device picks. */
interface Pick {
  readonly token: Promise<number>;
  known: boolean;
}

/** Most steps that run before the first one's token is read. */
export const MOST_AHEAD = 16;
/** Round trips from here on are worth sharing among several tokens. */
const SLOW_ROUND_TRIP_MS = 8;

/**
 * Steps that begin with tokens which nobody has read yet, so that the device has work while the host reads. The deeper, the
 * more steps are in vain after the last token; so the depth grows only when the device has run dry. Where reading takes long
 * (Firefox tells of a finished read up to 100 ms late), steps are added several at a time: they are one submission and one
 * read.
 */
export class RunAhead {
  readonly #decoder: LlamaDecoder;
  readonly #pick: () => Promise<number>;
  readonly #slow: boolean;
  readonly #picks: Pick[] = [];
  #depth: number;

  /** @param pick asks for the next token after the last step */
  constructor(decoder: LlamaDecoder, pick: () => Promise<number>) {
    this.#decoder = decoder;
    this.#pick = pick;
    this.#slow = decoder.roundTripMs >= SLOW_ROUND_TRIP_MS;
    this.#depth = decoder.lookahead;
  }

  /**
   * The token at `position`, with steps under way behind it.
   *
   * @param wanted tokens that may still be written, this one among them
   */
  next(position: number, wanted: number): Promise<number> {
    if (this.#picks.length === 0) this.#add();
    else if (this.#picks.every(({ known }) => known)) this.#depth = Math.min(MOST_AHEAD, 2 * this.#depth);
    const most = Math.min(this.#depth + 1, wanted);
    const burst = this.#slow ? Math.ceil(this.#depth / 2) : 1;
    if (this.#picks.length + burst <= this.#depth + 1) this.#fill(position, most);
    return this.#picks.shift()!.token;
  }

  /** Waits until the device is done with what was asked in vain. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#picks.map(({ token }) => token));
  }

  #fill(position: number, most: number): void {
    while (this.#picks.length < most) {
      this.#decoder.step(PICKED, position + this.#picks.length - 1, true);
      this.#add();
    }
  }

  #add(): void {
    const pick = { token: this.#pick(), known: false };
    const settle = () => {
      pick.known = true;
    };
    pick.token.then(settle, settle);
    this.#picks.push(pick);
  }
}
