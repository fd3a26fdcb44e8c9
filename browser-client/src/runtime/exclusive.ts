/** Work that is done one at a time, in the order in which it came. */
export class Exclusive {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Whether somebody waits for the present work to end: long work may make way. */
  get contended(): boolean {
    return this.#waiting > 0;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let release!: () => void;
    this.#last = new Promise((resolve) => (release = resolve));
    this.#waiting++;
    await before;
    this.#waiting--;
    try {
      return await work();
    } finally {
      release();
    }
  }
}
