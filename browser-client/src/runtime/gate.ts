/** Holds work up while it is shut. */
export class Gate {
  #opened: Promise<void> | null = null;
  #open: () => void = () => undefined;

  get shut(): boolean {
    return this.#opened !== null;
  }

  pause(): void {
    this.#opened ??= new Promise((resolve) => (this.#open = resolve));
  }

  resume(): void {
    this.#open();
    this.#opened = null;
  }

  /** Settles at once while the gate is open, else when it opens. */
  async passed(): Promise<void> {
    while (this.#opened) await this.#opened;
  }
}
