import { defineConfig } from 'vite';

/** Bundles the benchmark for Node: one file that holds its kernels. */
export default defineConfig({
  build: {
    ssr: 'bench/kernels.ts',
    outDir: 'dist/bench',
    target: 'node20',
    emptyOutDir: true,
  },
});
