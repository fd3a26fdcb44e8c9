import { createRequire } from 'node:module';

/** WebGPU outside a browser: Dawn for Node, from the file that DAWN_NODE names. */
export function installDawn(): void {
  const require = createRequire(import.meta.url);
  const file = process.env['DAWN_NODE'];
  if (!file) throw new Error('DAWN_NODE names no dawn.node: ./facet bench kernels fetches one.');
  const { create, globals } = require(file) as {
    create: (options: readonly string[]) => GPU;
    globals: Record<string, unknown>;
  };
  Object.assign(globalThis, globals);
  const gpu = create(['enable-dawn-features=allow_unsafe_apis', 'disable-dawn-features=timestamp_quantization']);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}
