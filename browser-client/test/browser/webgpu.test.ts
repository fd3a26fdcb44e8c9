import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrowserUnderTest } from '../fixtures/browser';
import { GOLDEN } from '../fixtures/golden';

let browser: BrowserUnderTest;

beforeAll(async () => {
  browser = await BrowserUnderTest.open();
});

afterAll(() => browser?.close());

test.each([
  ['as this device wants them', {}],
  ['in the shapes for hardware', { software: false }],
  ['on tensors cut by rows', { largestBinding: 4096 }],
])('every WGSL operation agrees with the reference: %s', async (_, overrides) => {
  const deviations = await browser.page.evaluate((given) => harness.compareOperations(given), overrides);

  expect(deviations.length).toBeGreaterThan(100);
  expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
});

test.each([2, 3, 4, 6])('a decoder at depth %i agrees with the reference', async (depth) => {
  for (const { error, tolerance } of await browser.page.evaluate((d) => harness.compareDecoders(d), depth)) {
    expect(error).toBeLessThan(tolerance);
  }
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
