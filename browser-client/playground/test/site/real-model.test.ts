import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsBundles } from '../../../test/fixtures/bundle';
import { TestMesh } from '../../../test/fixtures/mesh';
import { launchChromium, watchPage } from '../../dev/browser.mjs';
import { MODEL } from '../../dev/documents.mjs';
import { serveSite } from '../../dev/static-site.mjs';

const SITE = fileURLToPath(new URL('../../../dist/site', import.meta.url));

/** Tokens at the end of the slider: far more than are written before the button is pressed. */
const LONGEST = 512;

/** What a person does, with the shipped page and docs-29m itself on WebAssembly: open, write, stop. */
describe('writing with docs-29m in the built page', () => {
  const mesh = new TestMesh(docsBundles(['wasm'], 4));
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchChromium();
    site = await serveSite(SITE, (request, response) => {
      if (!request.url?.startsWith('/v1/')) return false;
      if (request.url === '/v1/models') response.end(JSON.stringify({ models: [MODEL] }));
      else void mesh.handle(request, response);
      return true;
    });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    complaints = watchPage(page);
    await page.goto(site.origin);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const write = () => page.getByRole('button', { name: /^Write/ }).click();
  const text = () => page.getByRole('region', { name: 'Text' }).locator('pre').innerText();

  it('loads every plane, writes to the limit and shows what was measured', async () => {
    await page.getByRole('switch', { name: 'Greedy' }).click();
    await write();
    await page.getByRole('img', { name: /100 % received/ }).waitFor();
    await page.getByText('Reached the token limit of the settings.').first().waitFor({ state: 'attached' });
    expect(await text()).toContain('unique_ptr');
    expect(await page.locator('.figure-value').allInnerTexts()).toEqual([
      expect.stringMatching(/^\d+(\.\d)?$/),
      expect.stringMatching(/^\d+(\.\d)?$/),
      '9',
      '160',
    ]);
  });

  it('stops at once and keeps what was written', async () => {
    await page.getByRole('slider', { name: 'Longest text, in tokens' }).press('End');
    await write();
    await page.waitForFunction(() => document.querySelector('.caret') !== null && Number(document.querySelectorAll('.figure-value')[3]?.textContent) > 5);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped.', { exact: true }).first().waitFor({ state: 'attached' });
    expect(Number(await page.locator('.figure-value').nth(3).innerText())).toBeLessThan(LONGEST);
  });

  it('broke no rule of the CSP and fetched the bundle once', () => {
    expect(complaints).toEqual([]);
    expect(mesh.streams).toHaveLength(1);
  });
});
