import { defineConfig } from 'vite';

/** Builds the ES library: `index.js` and, beside it, the module worker it starts (CSP: `worker-src 'self'`). */
export default defineConfig({
  base: './',
  build: {
    outDir: 'dist/lib',
    target: 'es2022',
    sourcemap: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
  },
  worker: { format: 'es' },
});
