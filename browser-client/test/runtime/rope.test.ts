import { expect, test } from 'vitest';
import { ropeTable, rotaryFrequencies } from '../../src/runtime/rope';

test('plain frequencies fall from 1 by powers of theta', () => {
  const frequencies = rotaryFrequencies({ headDim: 8, ropeTheta: 10_000, ropeScaling: null });

  expect([...frequencies]).toEqual([1, 0.1, 0.01, 0.001].map((value) => expect.closeTo(value, 12)));
});

test('llama3 scaling keeps short waves, slows long ones and blends between', () => {
  const ropeScaling = { type: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength: 8192 } as const;
  const plain = rotaryFrequencies({ headDim: 128, ropeTheta: 500_000, ropeScaling: null });
  const scaled = rotaryFrequencies({ headDim: 128, ropeTheta: 500_000, ropeScaling });
  const ratio = Array.from(plain, (value, i) => scaled[i]! / value);

  expect(ratio[0]).toBe(1);
  expect(ratio[63]).toBeCloseTo(1 / 8, 12);
  expect(ratio.some((value) => value > 0.2 && value < 0.9)).toBe(true);
  expect(ratio.every((value, i) => i === 0 || value <= ratio[i - 1]!)).toBe(true);
});

test('the table holds cosines, then sines, by position', () => {
  const table = ropeTable(Float64Array.of(1, 0.5), 3);

  expect([...table.subarray(4, 6)]).toEqual([expect.closeTo(Math.cos(2), 6), expect.closeTo(Math.cos(1), 6)]);
  expect([...table.subarray(10, 12)]).toEqual([expect.closeTo(Math.sin(2), 6), expect.closeTo(Math.sin(1), 6)]);
});
