import { describe, expect, test } from 'vitest';
import type { KernelBackend } from '../../src/kernels/backend';
import type { KvBits, KvPrecision } from '../../src/kernels/kv-format';
import { ReferenceBackend } from '../../src/kernels/reference/reference-backend';
import { ropeTable } from '../../src/runtime/rope';
import { BUILDS, wasmBackend } from '../fixtures/kernels';
import { randomFloats } from '../fixtures/random';

/** Factors of codes are rounded to 16 bits of the largest, which is a channel much larger than the others. */
const ROUNDING = 5e-4;
const CAPACITY = 170;
const STEPS = [7, 32, 1, 32, 3, 32, 1, 1, 32, 18];

interface Shape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

const PRECISIONS: KvPrecision[] = ([[2, 2], [3, 3], [4, 4], [8, 8], [2, 8], [4, 3]] as [KvBits, KvBits][]).map(([keys, values]) => ({
  keys, values, window: 24,
}));
const SHAPES: Shape[] = [
  { heads: 5, kvHeads: 1, headDim: 12 }, { heads: 4, kvHeads: 2, headDim: 32 }, { heads: 2, kvHeads: 2, headDim: 86 },
  { heads: 2, kvHeads: 1, headDim: 128 },
];

describe.each(BUILDS)('a cache in codes on $name', (build) => {
  test.each(PRECISIONS)('keys of $keys bits and values of $values agree with the reference', async (precision) => {
    for (const shape of SHAPES) {
      const [expected, actual] = [await referenceMixtures(shape, precision), await mixtures(await wasmBackend(build), shape, precision)];
      expected.forEach((step, i) => expect(deviation(actual[i]!, step)).toBeLessThan(ROUNDING));
    }
  });

  test('with a window as long as the context nothing but float16 is lost', async () => {
    const [shape] = SHAPES;
    const [exact, kept] = [await mixtures(new ReferenceBackend(), shape!, null), await mixtures(await wasmBackend(build), shape!, { keys: 2, values: 2, window: CAPACITY })];

    exact.forEach((step, i) => expect(deviation(kept[i]!, step)).toBeLessThan(2e-3));
  });
});

test('two bits and a window of 128 take at most a fifth of the bytes of float16 at 8,192 tokens', async () => {
  const backend = await wasmBackend();
  const shape = { layers: 2, kvHeads: 4, headDim: 64, capacity: 8192 };
  backend.cache({ ...shape, precision: { keys: 2, values: 2, window: 128 } });
  const half = 2 * shape.layers * shape.kvHeads * shape.headDim * shape.capacity * 2;

  expect(backend.memory.kvBytes / half).toBeLessThanOrEqual(0.2);
  expect(backend.memory.kvBytes / half).toBeGreaterThan(2 / 16);
});

const references = new Map<string, Promise<Float32Array[]>>();

function referenceMixtures(shape: Shape, precision: KvPrecision): Promise<Float32Array[]> {
  const key = JSON.stringify([shape, precision]);
  if (!references.has(key)) references.set(key, mixtures(new ReferenceBackend(), shape, precision));
  return references.get(key)!;
}

/** What attention gives for the last position of each step; keys have a channel much larger than the others, as in models. */
async function mixtures(on: KernelBackend, { heads, kvHeads, headDim }: Shape, precision: KvPrecision | null): Promise<Float32Array[]> {
  const cache = on.cache({ layers: 2, kvHeads, headDim, capacity: CAPACITY, precision });
  const rotation = on.rotation(ropeTable(Float64Array.from({ length: headDim / 2 }, (_, i) => 0.3 / (i + 1)), CAPACITY));
  const out = on.activations('mixed', heads * headDim);
  const results: Float32Array[] = [];
  let position = 0;
  for (const [step, count] of STEPS.entries()) {
    for (let first = 0; first < count; first += on.maxStep) {
      const rows = Math.min(on.maxStep, count - first);
      const part = (seed: number, width: number, scale: number) =>
        on.upload('x', randomFloats(count * width, seed + step, scale).subarray(first * width, (first + rows) * width), rows);
      const key = randomFloats(count * kvHeads * headDim, 50 + step, 1).map((value, i) => (i % headDim === 3 ? 9 * value + 20 : value));
      on.begin(Array.from({ length: rows }, () => 0), position);
      const query = part(20, heads * headDim, 1);
      const keys = on.upload('key', key.subarray(first * kvHeads * headDim, (first + rows) * kvHeads * headDim), rows);
      on.rotateAndStore(query, keys, part(80, kvHeads * headDim, 1), rotation, cache, 1);
      on.attend(query, cache, 1, out);
      on.end();
      position += rows;
      if (first + rows === count) results.push((await on.read(out, rows * heads * headDim)).slice((rows - 1) * heads * headDim));
    }
  }
  return results;
}

function deviation(actual: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0) / largest;
}
