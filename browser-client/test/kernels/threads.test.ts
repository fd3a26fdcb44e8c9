import { expect, test } from 'vitest';
import { chooseThreads } from '../../src/capability/threads';
import { MODULES } from '../../src/kernels/wasm/exports';
import { WasmBackend } from '../../src/kernels/wasm/wasm-backend';
import { BUILDS, wasmBackend, wasmModule } from '../fixtures/kernels';
import { matrixWithPlanes } from '../fixtures/conformance';
import { randomFloats } from '../fixtures/random';

const THREADED = BUILDS.filter(({ threads }) => threads > 1);

test.each(THREADED)('products of $name have the same bits on one thread and on $threads', async (build) => {
  const single = BUILDS.find(({ threads, relaxed }) => threads === 1 && relaxed === build.relaxed)!;
  for (const count of [1, 9]) {
    const [expected] = await products(await wasmBackend(single), count, 1);
    const bytes = (values: Float32Array) => Buffer.from(values.buffer);
    const same = (await products(await wasmBackend(build), count, 100)).filter((values) => bytes(values).equals(bytes(expected!)));
    expect(same).toHaveLength(100);
  }
});

test('a helper that never comes is not waited for', async () => {
  const start = () => ({ terminate: () => undefined });
  const backend = await WasmBackend.create(wasmModule(MODULES.simd.threads), { threads: 2, start });

  expect(backend.threads).toBe(2);
  expect(await products(backend, 1, 1)).toEqual(await products(await wasmBackend(), 1, 1));
});

test.each([
  [1, true, null, 8, 1, 'The plan asks for one thread.'],
  [4, true, 'The page is not cross-origin isolated.', 8, 1, 'The page is not cross-origin isolated.'],
  [4, true, null, 1, 1, 'This device has one core.'],
  [4, false, null, 8, 1, 'The bundle has no kernels for several threads.'],
  [4, true, null, 2, 2, 'This device has 2 cores.'],
  [4, true, null, 8, 4, 'The plan asks for 4 threads.'],
])('of %i threads wanted, with kernels %j, missing %j, %i cores: %i', (wanted, kernels, missing, cores, count, reason) => {
  expect(chooseThreads(wanted, kernels, missing, cores)).toEqual({ count, reason });
});

/** The same product again and again. */
async function products(backend: WasmBackend, count: number, times: number): Promise<Float32Array[]> {
  const shape = { name: 'm', rows: 1000, cols: 172, anchor: 4, shift: 0.05, depth: 4 };
  const matrix = matrixWithPlanes(backend, shape, 7);
  const x = backend.upload('x', randomFloats(count * shape.cols, 11, 3), count);
  const out = backend.activations('out', shape.rows);
  const results: Float32Array[] = [];
  for (let i = 0; i < times; i++) {
    backend.begin(Array.from({ length: count }, () => 0), 0);
    backend.multiply(x, [{ matrix, out }], 'all', false);
    results.push(await backend.read(out, count * shape.rows));
  }
  return results;
}
