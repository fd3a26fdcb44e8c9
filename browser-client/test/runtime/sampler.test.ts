import { expect, test } from 'vitest';
import { Sampler, type SamplingOptions } from '../../src/runtime/sampler';

const LOGITS = Float32Array.of(1, 4, 2, 3.5, -7, 0);

function shares(options: Partial<SamplingOptions>, draws = 20_000): number[] {
  const sampler = new Sampler({ temperature: 1, topK: 0, topP: 1, seed: 5, ...options });
  const counts = new Array<number>(LOGITS.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sampler.draw(LOGITS, i)]!++;
  return counts.map((count) => count / draws);
}

function softmax(temperature: number): number[] {
  const powers = [...LOGITS].map((logit) => Math.exp(logit / temperature));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

test.each([0.5, 1, 2])('tokens are drawn by the softmax at temperature %f', (temperature) => {
  const drawn = shares({ temperature });

  // Four standard deviations of a share out of 20 000 draws.
  softmax(temperature).forEach((share, token) => expect(Math.abs(drawn[token]! - share)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000)));
});

test('top-k keeps the k likeliest', () => {
  expect(shares({ topK: 2 }).map((share) => share > 0)).toEqual([false, true, false, true, false, false]);
});

test('top-k keeps k also among equals', () => {
  const sampler = new Sampler({ temperature: 1, topK: 2, topP: 1, seed: 1 });
  const drawn = new Set(Array.from({ length: 500 }, (_, i) => sampler.draw(new Float32Array(9), i)));

  expect([...drawn].sort()).toEqual([0, 1]);
});

test('top-p keeps the smallest set that reaches it', () => {
  const [, first = 0, , second = 0] = softmax(1);

  expect(shares({ topP: first - 0.01 }).filter((share) => share > 0)).toHaveLength(1);
  expect(shares({ topP: first + second - 0.01 }).filter((share) => share > 0)).toHaveLength(2);
});

test.each([NaN, Infinity, -Infinity])('logits with %f among them give no token', (broken) => {
  expect(new Sampler({ temperature: 1, topK: 0, topP: 1, seed: 1 }).draw(Float32Array.of(1, broken, 2), 0)).toBe(-1);
});
