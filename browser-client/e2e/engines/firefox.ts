import { existsSync } from 'node:fs';
import { launch, type Browser, type Page } from 'puppeteer-core';
import type { Engine } from './engine';

const PROGRAM = [process.env.FACET_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path && existsSync(path));

/** Firefox through WebDriver BiDi. */
export class Firefox implements Engine {
  static readonly installed = PROGRAM !== undefined;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async launch(): Promise<Firefox> {
    const browser = await launch({ browser: 'firefox', executablePath: PROGRAM!, headless: true, protocolTimeout: 240_000 });
    return new Firefox(browser, await browser.newPage());
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async run<A, R>(work: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return (await this.#page.evaluate(work as (argument: unknown) => unknown, argument)) as R;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
