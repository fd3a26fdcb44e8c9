import type { Piece } from '../options';

/** Hands pieces that the worker pushes to a consumer that pulls. */
export class PieceQueue implements AsyncIterable<Piece> {
  readonly #withIds: boolean;
  readonly #pieces: Piece[] = [];
  #wake: () => void = () => undefined;
  #ended = false;
  #failure: unknown = null;

  constructor(withIds: boolean) {
    this.#withIds = withIds;
  }

  readonly push = (text: string, ids: readonly number[]): void => {
    if (text === '' && !this.#withIds) return;
    this.#pieces.push(this.#withIds ? { text, ids } : { text });
    this.#wake();
  };

  readonly end = (): void => {
    this.#ended = true;
    this.#wake();
  };

  readonly fail = (error: unknown): void => {
    this.#failure = error;
    this.end();
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece, void, void> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece) yield piece;
      else if (this.#failure) throw this.#failure;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
