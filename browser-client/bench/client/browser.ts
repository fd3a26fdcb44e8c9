import { createReadStream, existsSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import type { TestMesh } from '../../test/fixtures/mesh';

const EXECUTABLE = process.env['FACET_CHROMIUM'] ?? '/usr/bin/chromium';
const PEERS = fileURLToPath(new URL('../../../bench/peers/node_modules/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
/** Threads need cross-origin isolation. */
const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** A Chromium that opens the benchmark's page: the client from source, prepared bundles, and the peer's files. */
export class BenchBrowser {
  readonly #browser: Browser;
  readonly #server: ViteDevServer;

  private constructor(browser: Browser, server: ViteDevServer) {
    this.#browser = browser;
    this.#server = server;
  }

  /** @param gguf file of the model as the peer reads it */
  static async open(mesh: TestMesh, gguf: string): Promise<BenchBrowser> {
    if (!existsSync(EXECUTABLE)) throw new Error(`There is no Chromium at ${EXECUTABLE}: set FACET_CHROMIUM.`);
    const server = await serve(mesh, gguf);
    return new BenchBrowser(await chromium.launch({ executablePath: EXECUTABLE, args: ['--headless=new', '--no-sandbox'] }), server);
  }

  version(): string {
    return `Chromium ${this.#browser.version()}`;
  }

  get port(): number {
    return (this.#server.httpServer!.address() as AddressInfo).port;
  }

  /**
   * A page with nothing cached and no code compiled.
   *
   * @param port where it finds the server, perhaps by another way
   * @param context of an earlier page, whose browser it shares
   */
  async page(port = this.port, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.#browser.newContext())).newPage();
    page.setDefaultTimeout(0);
    page.on('pageerror', (error) => console.error('page:', error));
    page.on('console', (message) => message.type() === 'error' && console.error('page:', message.text()));
    await page.goto(`http://localhost:${port}/bench/client/page.html`);
    await page.waitForFunction(() => 'bench' in globalThis && 'delivery' in globalThis);
    if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error('The page is not cross-origin isolated.');
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

async function serve(mesh: TestMesh, gguf: string): Promise<ViteDevServer> {
  const server = await createServer({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, headers: HEADERS, hmr: false, watch: null },
    plugins: [
      {
        name: 'bench',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            const path = new URL(request.url!, 'http://localhost').pathname;
            if (path.startsWith('/v1/')) void mesh.handle(request, response);
            else if (path === '/peers/model.gguf') send(gguf, response);
            else if (path.startsWith('/peers/')) send(join(PEERS, path.slice('/peers/'.length)), response);
            else next();
          });
        },
      },
    ],
  });
  return server.listen();
}

function send(file: string, response: ServerResponse): void {
  if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
  response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
