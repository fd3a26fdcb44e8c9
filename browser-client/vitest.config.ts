import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      './playground/vitest.config.ts',
      './playground/vitest.site.config.ts',
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          environment: 'node',
          testTimeout: 60_000,
          // Node 20 has relaxed SIMD behind this flag; later ones know it and need none.
          execArgv: ['--experimental-wasm-relaxed-simd'],
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
