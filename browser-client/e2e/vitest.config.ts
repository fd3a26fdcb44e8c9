import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The whole mesh as `./facet up` starts it, and a real Chromium in front of it. Needs everything built. */
export default defineConfig({
  test: {
    name: 'e2e',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    environment: 'node',
    testTimeout: 240_000,
    hookTimeout: 420_000,
    fileParallelism: false,
    bail: 1,
  },
});
