import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrowserUnderTest } from '../fixtures/browser';
import { FAMILIES, goldenLadder } from '../fixtures/golden-ladder';
import type { Tampering } from './harness';
import { isVariants } from '../../src/kernels/variants';
import { Sampler, type SamplingOptions } from '../../src/runtime/sampler';
import { GOLDEN } from '../fixtures/golden';
import { randomFloats } from '../fixtures/random';

let browser: BrowserUnderTest;

beforeAll(async () => {
  browser = await BrowserUnderTest.open();
});

afterAll(() => browser?.close());

/** A rasteriser takes seconds to compile a tailored kernel, more on a busy host. */
const PATIENCE = 480_000;

/** All features of a large device, in workgroups that a rasteriser compiles in reasonable time. */
const FEATURED = { software: false, invocations: 64, workgroupBytes: 16384 };

/** A device with no optional feature and the default limits, 128 MiB a binding: what Safari has before 27.3. */
const SAFARI = { software: false, defaultsOnly: true };

test.each([
  ['as this device wants them', 'full', {}],
  ['on tensors cut by rows', 'full', { largestBinding: 4096 }],
  ['tailored, with subgroups and packed dot products', 'brief', { ...FEATURED, invocations: 256 }],
  ['plain kernels on a device like Safari\'s', 'full', { defaultsOnly: true }],
  ['tailored, on a device like Safari\'s', 'brief', SAFARI],
] as const)('every WGSL operation agrees with the reference: %s', async (_, coverage, overrides) => {
  const deviations = await browser.page.evaluate(([extent, given]) => harness.compareOperations(extent, given), [coverage, overrides] as const);

  expect(deviations.length).toBeGreaterThan(coverage === 'full' ? 100 : 10);
  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
}, PATIENCE);

test.each([
  ['subgroups and packed dot products', FEATURED],
  ['a device like Safari\'s', SAFARI],
])('a decoder of tailored, fused kernels agrees with the reference: %s', async (_, overrides) => {
  const { deviation, replaced } = await browser.page.evaluate((given) => harness.tailored(given), overrides);

  expect(replaced).toEqual([]);
  expect(deviation.error).toBeLessThan(deviation.tolerance);
}, PATIENCE);

test('a kernel that fails its check is reported and replaced, and the decoder stays right', async () => {
  const { deviation, replaced } = await browser.page.evaluate((given) => harness.tailored(given, true), FEATURED);

  expect(replaced.length).toBeGreaterThan(3);
  expect(replaced.every((label) => label.startsWith('matvec.'))).toBe(true);
  expect(deviation.error).toBeLessThan(deviation.tolerance);
}, PATIENCE);

test.each([2, 3, 4, 6])('a decoder at depth %i agrees with the reference', async (depth) => {
  for (const { error, tolerance } of await browser.page.evaluate((d) => harness.compareDecoders(d), depth)) {
    expect(error).toBeLessThan(tolerance);
  }
});

test.each(FAMILIES)('%s at 8 bits keeps to the reference', async (family) => {
  const { payloads, ...ladder } = goldenLadder(family);
  const texts = payloads.map((payload) => Buffer.from(payload).toString('base64'));
  const { meanKl, sameText } = await browser.page.evaluate(([given, bytes]) => harness.agreement(given, bytes), [ladder, texts] as const);

  expect(meanKl).toBeLessThanOrEqual(0.01);
  expect(sameText).toBe(3);
});

const GROUPED = { heads: 4, kvHeads: 2, headDim: 32 };
const NARROW = { heads: 5, kvHeads: 1, headDim: 12 };
const WIDE = { heads: 2, kvHeads: 1, headDim: 128 };

/** Every width of codes for keys and for values, and windows shorter and longer than a block. */
const CODED = [
  { heads: GROUPED, precision: { keys: 2, values: 4, window: 64 } },
  { heads: NARROW, precision: { keys: 3, values: 8, window: 32 } },
  { heads: WIDE, precision: { keys: 4, values: 2, window: 128 } },
  { heads: GROUPED, precision: { keys: 8, values: 3, window: 5 } },
] as const;

test('attention on keys and values in codes is that of docs/kv-cache.md', async () => {
  const deviations = await browser.page.evaluate((cases) => harness.compareCoded(cases), CODED);

  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
}, PATIENCE);

test('the same by the tailored kernel, in steps longer than what the cache takes at once', async () => {
  const deviations = await browser.page.evaluate(([cases, given]) => harness.compareCoded(cases, given), [CODED.slice(0, 1), SAFARI] as const);

  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
}, PATIENCE);

test('planes merged on the device multiply to the golden products', async () => {
  const deviations = await browser.page.evaluate((cases) => harness.checkGolden(cases), GOLDEN);

  expect(deviations.length).toBe(GOLDEN.flatMap(({ depths }) => depths).length);
  expect(deviations.filter(({ error }) => !(error <= 1e-5))).toEqual([]);
});

test('argmax takes the first of equals and reports what is no finite number', async () => {
  const argmax = (values: (number | null)[]) => browser.page.evaluate((v) => harness.argmax(v), values);

  expect(await argmax([1, 7, 3, 7, 2])).toBe(1);
  expect(await argmax([-4, -9, -3.5])).toBe(2);
  expect(await argmax(Array.from({ length: 300 }, (_, i) => (i === 257 ? 9 : -i)))).toBe(257);
  expect(await argmax([null, null, null])).toBe(-1);
  expect(await argmax(Array.from({ length: 3000 }, (_, i) => (i === 2900 ? null : i)))).toBe(-1);
});

const DRAWS = 60;
const random = randomFloats(1500, 3, 4);

/** Logits, and how tokens are drawn from them. */
const DRAWN: readonly (readonly [Float32Array, Omit<SamplingOptions, 'seed'>])[] = [
  [random, { temperature: 0.8, topK: 40, topP: 0.95 }],
  [random, { temperature: 1, topK: 0, topP: 0.9 }],
  [random, { temperature: 1.5, topK: 0, topP: 1 }],
  [random.slice(0, 9), { temperature: 2, topK: 40, topP: 0.99 }],
  // Equals at the edges of top-k and top-p, and nothing but equals.
  [random.map(Math.round), { temperature: 3, topK: 400, topP: 0.5 }],
  [random.map(() => 2), { temperature: 1, topK: 300, topP: 0.7 }],
];

test('tokens drawn on the device are those of the scalar sampler', async () => {
  const cases = DRAWN.map(([logits, options]) => ({ logits: [...logits], sampling: { ...options, seed: 99 } }));
  const drawn = await browser.page.evaluate(([given, draws]) => harness.sample(given, draws), [cases, DRAWS] as const);

  expect(drawn).toEqual(cases.map(({ logits, sampling }) => {
    const sampler = new Sampler(sampling);
    return Array.from({ length: DRAWS }, (_, index) => sampler.draw(Float32Array.from(logits), index));
  }));
  for (const tokens of drawn) expect(new Set(tokens).size).toBeGreaterThan(3);
});

test('nothing is drawn from logits that are no finite numbers', async () => {
  const sampling = { temperature: 1, topK: 2, topP: 1, seed: 1 };
  const drawn = await browser.page.evaluate((given) => harness.sample([{ logits: [1, 2, 1e39], sampling: given }], 1), sampling);

  expect(drawn).toEqual([[-1]]);
});

/** Wrong kernels of every kind that has no plainer one, and the names under which the self-test finds them. */
const WRONG = [
  [[
    { shader: 'attention-plain.wgsl', word: 'inverseSqrt(f32(call.head_dim))', by: '0.5' },
    { shader: 'rms-norm.wgsl', word: '1.0 / sqrt(', by: '1.1 / sqrt(' },
    { shader: 'silu-mul.wgsl', word: 'exp(-g)', by: 'exp(g)' },
    { shader: 'add.wgsl', word: '+=', by: '-=' },
    { shader: 'rope-store.wgsl', word: 'pair.x * c - pair.y * s', by: 'pair.x * c + pair.y * s' },
    { shader: 'argmax.wgsl', word: 'value > best', by: 'value < best' },
    { shader: 'sample.wgsl', word: '(index + 1u)', by: '(index + 2u)' },
    { shader: 'advance.wgsl', word: '+= step_info.count', by: '+= 1u' },
    { shader: 'embed.wgsl', word: '2.0 * matrix.cell', by: 'matrix.cell' },
  ], 'attention-plain.4x2x32, silu-mul, add, norm, rope-store, argmax, sample, advance, tensor-2, tensor-3, tensor-4, tensor-8'],
  [[
    { shader: 'argmax-join.wgsl', word: 'value > best', by: 'value < best' },
    { shader: 'matvec-plain.wgsl', word: '2.0 * matrix.cell', by: 'matrix.cell' },
  ], 'argmax, tensor-2, tensor-3, tensor-4, tensor-8'],
  [[{ shader: 'matmul-plain.wgsl', word: '2.0 * matrix.cell', by: 'matrix.cell' }], 'tensor-2, tensor-3, tensor-4, tensor-8'],
  [[{ shader: 'merge.wgsl', word: 'refined(source, word, i)', by: 'refined(source, word, 7u - i)' }], 'tensor-8'],
] as const;

test.each(WRONG)('the self-test finds what is wrong in %j', async (tampering, labels) => {
  const { failure } = await browser.page.evaluate((given) => harness.selfTest(given), tampering);

  expect(failure).toBe(`This graphics device computes wrongly: ${labels}.`);
}, PATIENCE);

test('wrong tailored attention is left to the plain kernel', async () => {
  const tampering = [{ shader: 'attention.wgsl', word: 'total_${h} *= fade_${h};', by: '' }];
  const overrides = { ...SAFARI, invocations: 64 };
  const result = await browser.page.evaluate((given) => harness.selfTest(...given), [tampering, overrides] as const);

  expect(result).toMatchObject({ replaced: ['attention.4x2x32'], failure: null });
}, PATIENCE);

test('what an earlier visit has found is not checked again', async () => {
  const none: Tampering[] = [];
  const wrong = [{ shader: 'silu-mul.wgsl', word: 'exp(-g)', by: 'exp(g)' }];
  const run = (tampering: readonly Tampering[], text: string | null) =>
    browser.page.evaluate((given) => harness.selfTest(given[0], {}, { text: given[1] }), [tampering, text] as const);
  const first = await run(none, null);
  const again = await run(wrong, first.kept);
  const found = await run(wrong, null);
  const known = await run(none, found.kept);

  expect(first).toMatchObject({ replaced: [], failure: null, kept: expect.stringContaining('silu-mul') });
  expect(again.failure).toBeNull();
  expect(known.failure).toBe('This graphics device computes wrongly: silu-mul.');
});

test('the ways to make products are tried on the device', async () => {
  const { tried, chosen } = await browser.page.evaluate((given) => harness.fastest(given), FEATURED);

  expect(tried).toBe(3);
  expect(isVariants(chosen)).toBe(true);
}, PATIENCE);

test('a lost device is reported with a remedy', async () => {
  const failure = await browser.page.evaluate(() => harness.lose());

  expect(failure).toMatchObject({ code: 'device-lost', remedy: expect.stringContaining('wasm') });
});
