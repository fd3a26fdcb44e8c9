import { expect, test } from 'vitest';
import { canResume, codeAffine, codedEnd, fromHalf, KV_BLOCK, KV_SINKS, recentSlots, roundToHalf, toHalf } from '../../src/kernels/kv-format';
import { randomFloats } from '../fixtures/random';

test('tokens are coded by blocks, once all of a block are older than the window', () => {
  expect([0, 98, 99, 130, 131].map((position) => codedEnd(position, 64))).toEqual([4, 4, 36, 36, 68]);
  for (let position = 0; position < 500; position++) {
    const end = codedEnd(position, 128);
    expect((end - KV_SINKS) % KV_BLOCK).toBe(0);
    expect(position + 1 - end).toBeGreaterThanOrEqual(Math.min(128, position + 1 - KV_SINKS));
    expect(position + 1 - end).toBeLessThan(128 + KV_BLOCK);
  }
});

test('a sequence goes on from where its last tokens are still there as they were', () => {
  const precision = { keys: 2, values: 2, window: 64 } as const;
  const slots = recentSlots(64, 32);

  expect(canResume(400, 400, precision, 32)).toBe(true);
  expect(canResume(401, 400, precision, 32)).toBe(false);
  expect(canResume(0, slots + KV_SINKS, precision, 32)).toBe(true);
  expect(canResume(0, slots + KV_SINKS + 1, precision, 32)).toBe(false);
  expect(canResume(7, 4000, null, 32)).toBe(true);
});

test('halves are the nearest that float16 holds', () => {
  const wrong: number[] = [];
  for (let half = 0; half + 1 < 0x7c00; half++) {
    const [value, next] = [fromHalf(half), fromHalf(half + 1)];
    const middle = (value + next) / 2;
    const found = [toHalf(value), toHalf(middle), toHalf(-(middle + (next - value) / 8))];
    if (found.join() !== [half, half + (half & 1), 0x8000 | (half + 1)].join()) wrong.push(half);
  }
  expect(wrong).toEqual([]);
  expect([roundToHalf(1e9), roundToHalf(-70000), roundToHalf(1e-9), toHalf(-0)]).toEqual([65504, -65504, 0, 0x8000]);
});

test.each([2, 3, 4, 8] as const)('%i bits stray by half a step at most', (bits) => {
  const values = randomFloats(64, 5, 3);
  const { base, step, codes } = codeAffine(values, bits);

  expect(Math.max(...codes)).toBe(2 ** bits - 1);
  values.forEach((value, i) => expect(Math.abs(base + codes[i]! * step - value)).toBeLessThanOrEqual(0.51 * step + 2e-3));
  expect(codeAffine(new Float32Array(64).fill(0.5), bits)).toMatchObject({ base: 0.5, step: 0, codes: new Uint8Array(64) });
});
