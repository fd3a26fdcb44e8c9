import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      './playground/vitest.config.ts',
      './playground/vitest.site.config.ts',
      { test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/browser/**'], environment: 'node', testTimeout: 60_000 } },
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
