import { defineConfig, type Plugin } from 'vite';

const SOURCE = "new URL('./worker/worker.ts', import.meta.url)";
const BUILT = "new URL('./facet-worker.js', import.meta.url)";

/**
 * Points the library at its own built worker by the one expression that every bundler of a consumer understands. The
 * stand-in keeps Vite's own worker handling, which writes an expression only Vite's output understands, away from it.
 */
function workerBesideLibrary(): Plugin {
  const standIn = '__FACET_WORKER__';
  return {
    name: 'worker-beside-library',
    enforce: 'pre',
    transform: (code) => (code.includes(SOURCE) ? code.replace(SOURCE, standIn) : null),
    renderChunk: (code) => (code.includes(standIn) ? code.replace(standIn, BUILT) : null),
  };
}

/** Builds the ES library: `index.js` and, beside it, the module worker it starts (CSP: `worker-src 'self'`). */
export default defineConfig({
  plugins: [workerBesideLibrary()],
  build: {
    outDir: 'dist/lib',
    target: 'es2022',
    lib: {
      entry: { index: 'src/index.ts', 'facet-worker': 'src/worker/worker.ts' },
      formats: ['es'],
    },
  },
});
