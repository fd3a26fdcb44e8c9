import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The built pages (`npm run build:site` first) in a real Chromium, under the headers of production. */
export default defineConfig({
  test: {
    name: 'site',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['test/site/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
