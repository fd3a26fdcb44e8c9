import { existsSync } from 'node:fs';
import { launch, type Browser, type Page } from 'puppeteer-core';
import type { ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf, servePage } from '../fixtures/browser';
import { goldenLadder } from '../fixtures/golden-ladder';

const PROGRAM = [process.env['FACET_FIREFOX'], '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path && existsSync(path));
/** Mesa's rasteriser; a host with a graphics device of its own has others. */
const VULKAN = ['x86_64', 'aarch64'].some((machine) => existsSync(`/usr/share/vulkan/icd.d/lvp_icd.${machine}.json`)) || process.env['FACET_FIREFOX_GPU'] !== undefined;
/** WebGPU is off in this edition, and refused on rasterisers. */
const PREFERENCES = { 'dom.webgpu.enabled': true, 'dom.webgpu.workers.enabled': true, 'gfx.webgpu.ignore-blocklist': true };
const PATIENCE = 180_000;

/** Another implementation of WebGPU (wgpu), with other compilers: bindings of 128 MiB, no subgroups, packed dot products. */
describe.skipIf(!(PROGRAM && VULKAN) && !process.env['FACET_ALL_ENGINES'])('in Firefox', () => {
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await servePage();
    browser = await launch({
      browser: 'firefox', executablePath: PROGRAM!, headless: true, protocolTimeout: PATIENCE, extraPrefsFirefox: PREFERENCES,
    });
    page = await browser.newPage();
    await page.goto(pageOf(server));
    await page.waitForFunction(() => 'harness' in globalThis);
  }, PATIENCE);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each([
    ['as this device wants them', {}],
    ['on tensors cut by rows', { software: true, largestBinding: 4096 }],
  ] as const)('WGSL operations agree with the reference: %s', async (_, overrides) => {
    const deviations = await page.evaluate((given) => harness.compareOperations('brief', given), overrides);

    expect(deviations.length).toBeGreaterThan(10);
    expect(deviations.filter(({ error, tolerance }) => !(error <= tolerance))).toEqual([]);
  }, PATIENCE);

  test('a decoder of tailored, fused kernels agrees with the reference, and no kernel is replaced', async () => {
    const { deviation, replaced } = await page.evaluate(() => harness.tailored({}));

    expect(replaced).toEqual([]);
    expect(deviation.error).toBeLessThan(deviation.tolerance);
  }, PATIENCE);

  test('a model at 8 bits writes what the reference writes', async () => {
    const { payloads, ...ladder } = goldenLadder('llama');
    const texts = payloads.map((payload) => Buffer.from(payload).toString('base64'));
    const { meanKl, sameText } = await page.evaluate(([given, bytes]) => harness.agreement(given, bytes), [ladder, texts] as const);

    expect(meanKl).toBeLessThanOrEqual(0.01);
    expect(sameText).toBe(3);
  }, PATIENCE);
});
