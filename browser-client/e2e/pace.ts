import type { Browser } from 'playwright-core';

const PERIOD_MS = 50;

/**
 * Slows every page of a browser, workers included, by halting its processes for a part of the time. The browser's own
 * CPU throttling (`Emulation.setCPUThrottlingRate`) reaches the main thread only, and models run in a worker.
 */
export class Pace {
  readonly #processes: number[];
  readonly #timer: NodeJS.Timeout;

  private constructor(processes: number[], factor: number) {
    this.#processes = processes;
    const halt = () => {
      this.#signal('SIGSTOP');
      setTimeout(() => this.#signal('SIGCONT'), PERIOD_MS * (1 - 1 / factor));
    };
    halt();
    this.#timer = setInterval(halt, PERIOD_MS);
  }

  /** @param factor how many times slower, above 1 */
  static async slow(browser: Browser, factor: number): Promise<Pace> {
    const devtools = await browser.newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    await devtools.detach();
    return new Pace(
      processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id),
      factor,
    );
  }

  /** Lets the pages run at full speed again. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await new Promise((resolve) => setTimeout(resolve, 2 * PERIOD_MS));
    this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    for (const id of this.#processes) {
      try {
        process.kill(id, signal);
      } catch {
        // The page has been closed.
      }
    }
  }
}
