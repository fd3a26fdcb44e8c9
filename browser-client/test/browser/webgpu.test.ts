import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrowserUnderTest } from '../fixtures/browser';
import { FAMILIES, goldenLadder } from '../fixtures/golden-ladder';
import { GOLDEN } from '../fixtures/golden';

let browser: BrowserUnderTest;

beforeAll(async () => {
  browser = await BrowserUnderTest.open();
});

afterAll(() => browser?.close());

/** A rasteriser takes seconds to compile a tailored kernel, more on a busy host. */
const PATIENCE = 480_000;

/** All features of a large device, in workgroups that a rasteriser compiles in reasonable time. */
const FEATURED = { software: false, invocations: 64, workgroupBytes: 16384 };

/** What a device without subgroups, packed dot products and large limits leaves: Safari before 27.3, for one. */
const PLAIN_HARDWARE = { software: false, subgroup: 0, packedDot: false, workgroupBytes: 16384, invocations: 256 };

test.each([
  ['as this device wants them', 'full', {}],
  ['on tensors cut by rows', 'full', { largestBinding: 4096 }],
  ['tailored, with subgroups and packed dot products', 'brief', { ...FEATURED, invocations: 256 }],
  ['tailored, in plain WGSL', 'brief', PLAIN_HARDWARE],
] as const)('every WGSL operation agrees with the reference: %s', async (_, coverage, overrides) => {
  const deviations = await browser.page.evaluate(([extent, given]) => harness.compareOperations(extent, given), [coverage, overrides] as const);

  expect(deviations.length).toBeGreaterThan(coverage === 'full' ? 100 : 10);
  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
}, PATIENCE);

test.each([
  ['subgroups and packed dot products', FEATURED],
  ['plain WGSL', PLAIN_HARDWARE],
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

test('planes merged on the device multiply to the golden products', async () => {
  const deviations = await browser.page.evaluate((cases) => harness.checkGolden(cases), GOLDEN);

  expect(deviations.length).toBe(GOLDEN.flatMap(({ depths }) => depths).length);
  expect(deviations.filter(({ error }) => !(error <= 1e-5))).toEqual([]);
});

test('argmax takes the first of equals and reports a lack of numbers', async () => {
  const argmax = (values: (number | null)[]) => browser.page.evaluate((v) => harness.argmax(v), values);

  expect(await argmax([1, 7, 3, 7, 2])).toBe(1);
  expect(await argmax([-4, -9, -3.5])).toBe(2);
  expect(await argmax(Array.from({ length: 300 }, (_, i) => (i === 257 ? 9 : -i)))).toBe(257);
  expect(await argmax([null, null, null])).toBe(-1);
});

test('a lost device is reported with a remedy', async () => {
  const failure = await browser.page.evaluate(() => harness.lose());

  expect(failure).toMatchObject({ code: 'device-lost', remedy: expect.stringContaining('wasm') });
});
