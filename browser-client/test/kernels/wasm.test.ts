import { describe, expect, test } from 'vitest';
import { WasmMatrix } from '../../src/kernels/wasm/wasm-matrix';
import { activationOrder } from '../../src/kernels/wasm/activation-order';
import { Arena, newMemory } from '../../src/kernels/wasm/arena';
import { compile, instantiate, MODULES } from '../../src/kernels/wasm/exports';
import { BYTE_ROUNDING, compareDecoders, compareExactProducts, compareOperations, EVEN, EVERYTHING, ODD, ROUNDING } from '../fixtures/conformance';
import { GOLDEN } from '../fixtures/golden';
import { hexBytes, plane, shapeOf } from '../fixtures/golden-case';
import { checkGolden } from '../fixtures/golden-check';
import { BUILDS, wasmBackend, wasmModule } from '../fixtures/kernels';

test('the builds with relaxed SIMD run here too', () => {
  expect(BUILDS.map(({ name }) => name)).toEqual(Object.values(MODULES).flatMap(({ single, threads }) => [single, threads]));
});

describe.each(BUILDS)('$name', (build) => {
  /** Relaxed builds round activations of products with up to seven bits to 8 bits. */
  const roundingAt = (depth: number) => (build.relaxed && depth <= 7 ? BYTE_ROUNDING : ROUNDING);

  test('every operation agrees with the reference', async () => {
    const deviations = await compareOperations(await wasmBackend(build), roundingAt);

    expect(deviations.length).toBeGreaterThan(100);
    expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
  });

  test.each([2, 3, 4, 6, 8])('a decoder at depth %i agrees with the reference', async (depth) => {
    for (const config of [ODD, EVEN, EVERYTHING]) {
      const widest = roundingAt(depth) === ROUNDING ? 2e-4 : 6e-2;
      const { error, tolerance } = await compareDecoders(await wasmBackend(build), config, depth, widest);
      expect(error).toBeLessThan(tolerance);
    }
  });

  test('products agree with the golden ones at every depth', async () => {
    const deviations = await checkGolden(await wasmBackend(build), GOLDEN);

    expect(deviations.length).toBe(GOLDEN.flatMap(({ depths }) => depths).length);
    expect(deviations.filter(({ depth, error }) => !(error <= roundingAt(depth)))).toEqual([]);
  });

  test('an activation that is not a number reaches every output, where argmax reports it', async () => {
    const backend = await wasmBackend(build);
    const matrix = backend.matrix(shapeOf(GOLDEN[0]!));
    backend.merge(matrix, plane(GOLDEN[0]!, 2));
    const x = backend.upload('x', new Float32Array(GOLDEN[0]!.cols).fill(NaN), 1);
    const out = backend.activations('out', GOLDEN[0]!.rows);

    backend.begin([0], 0);
    backend.multiply(x, [{ matrix, out }], 'all', false);

    expect(await backend.likeliest(out, GOLDEN[0]!.rows)).toBe(-1);
  });
});

test.each([2, 3, 4, 5, 6, 7])('nothing is lost of activations that 8 bits hold, at depth %i', async (depth) => {
  const deviations = await compareExactProducts(await wasmBackend(BUILDS.find(({ relaxed }) => relaxed)), depth);

  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
});

describe.each(GOLDEN)('golden $name', (golden) => {
  test('planes merge in place into the golden packed words', async () => {
    const { arena, kernels } = await kernelsAndArena();
    const matrix = new WasmMatrix(arena, shapeOf(golden));
    const scratch = arena.allocate(golden.rows * matrix.groups * 4);

    for (const { depth, packedHex, scaleHex, rowScales } of golden.depths) {
      matrix.merge(plane(golden, depth), kernels, scratch);

      const packed = hexBytes(packedHex);
      expect(arena.bytes(matrix.codes, packed.length)).toEqual(packed);
      expect(arena.bytes(matrix.scaleBytes, scaleHex.length / 2)).toEqual(hexBytes(scaleHex));
      expect(arena.floats(matrix.rowScales, golden.rows)).toEqual(Float32Array.from(rowScales));
    }
  });
});

test('argmax takes the first of equals and reports what is no finite number', async () => {
  const backend = await wasmBackend();
  const logits = (values: number[]) => backend.upload('logits', Float32Array.from(values), 1);

  expect(await backend.likeliest(logits([1, 7, 3, 7, 2, 7]), 6)).toBe(1);
  expect(await backend.likeliest(logits([-4, -9, -3.5]), 3)).toBe(2);
  expect(await backend.likeliest(logits([NaN, NaN, NaN, NaN, NaN]), 5)).toBe(-1);
  expect(await backend.likeliest(logits([1, 2, 3, Infinity, 5]), 5)).toBe(-1);
  expect(await backend.likeliest(logits([1, 2, 3, 4, NaN]), 5)).toBe(-1);
});

test.each([2, 3, 4, 8] as const)('the activation order of layout %i is a permutation', (layout) => {
  const { slots, span } = activationOrder(layout);
  expect([...slots].sort((a, b) => a - b)).toEqual(Array.from({ length: span }, (_, i) => i));
});

async function kernelsAndArena() {
  const memory = newMemory(false);
  const kernels = await instantiate(await compile(wasmModule(MODULES.simd.single)), memory);
  return { kernels, arena: new Arena(memory, kernels.heapBase.value) };
}
