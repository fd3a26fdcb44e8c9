import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Engine } from './engine';

const DRIVER = '/usr/bin/WebKitWebDriver';
const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const DISPLAY_SERVER = '/usr/bin/xvfb-run';
const PATIENCE_MS = 240_000;

/** What a WebDriver answers (W3C WebDriver, 6.3). */
interface Answer {
  readonly value: unknown;
}

type Outcome<R> = { readonly value: R } | { readonly error: string };

/** WebKitGTK through WebDriver: the nearest there is to Safari where there is no Mac. */
export class WebKit implements Engine {
  static readonly installed = [DRIVER, BROWSER, DISPLAY_SERVER].every((path) => existsSync(path));
  readonly #driver: ChildProcess;
  readonly #session: string;

  private constructor(driver: ChildProcess, session: string) {
    this.#driver = driver;
    this.#session = session;
  }

  static async launch(): Promise<WebKit> {
    const port = await freePort();
    // A group of its own, so that the display server ends with the driver.
    const driver = spawn(DISPLAY_SERVER, ['-a', DRIVER, `--port=${port}`], { stdio: 'ignore', detached: true });
    try {
      const address = `http://127.0.0.1:${port}`;
      const session = await begin(address);
      return new WebKit(driver, `${address}/session/${session}`);
    } catch (error) {
      end(driver);
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await call('POST', `${this.#session}/url`, { url });
  }

  async run<A, R>(work: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const script = `const [argument, done] = arguments;
      Promise.resolve(argument).then(${work.toString()}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const outcome = (await call('POST', `${this.#session}/execute/async`, { script, args: [argument] })) as Outcome<R>;
    if ('error' in outcome) throw new Error(outcome.error);
    return outcome.value;
  }

  async close(): Promise<void> {
    try {
      await call('DELETE', this.#session);
    } finally {
      end(this.#driver);
    }
  }
}

/** Waits until the driver answers and opens a browser. */
async function begin(address: string): Promise<string> {
  const capabilities = {
    alwaysMatch: { timeouts: { script: PATIENCE_MS }, 'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] } },
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const { sessionId } = (await call('POST', `${address}/session`, { capabilities })) as { sessionId: string };
      return sessionId;
    } catch (error) {
      if (attempt === 50 || !(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function call(method: string, url: string, body?: unknown): Promise<unknown> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(PATIENCE_MS) };
  if (body !== undefined) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const response = await fetch(url, init);
  const { value } = (await response.json()) as Answer;
  if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(value)}`);
  return value;
}

function end(driver: ChildProcess): void {
  try {
    process.kill(-driver.pid!, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
