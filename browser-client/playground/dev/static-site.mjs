import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** The headers under which shard-streaming serves the pages. */
export const PAGE_HEADERS = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'; font-src 'self'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
});

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.png': 'image/png' };

/**
 * Serves a built site under the production headers, with `mesh` for the services' paths, on a free port of localhost.
 *
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function serveSite(folder, mesh, headers = PAGE_HEADERS) {
  const server = createServer((request, response) => {
    if (mesh(request, response)) return;
    const file = fileOf(folder, new URL(request.url, 'http://localhost').pathname);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { origin: `http://localhost:${server.address().port}`, close };
}

function fileOf(folder, path) {
  const plain = normalize(decodeURIComponent(path)).replace(/^(\.\.[/\\])+/, '');
  const candidates = [join(folder, plain), join(folder, plain, 'index.html')];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile()) ?? null;
}
