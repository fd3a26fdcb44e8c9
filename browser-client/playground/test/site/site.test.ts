import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, launchChromium, overflow, watchPage } from '../../dev/browser.mjs';
import { mockMesh } from '../../dev/mock-mesh.mjs';
import { serveSite } from '../../dev/static-site.mjs';

const SITE = fileURLToPath(new URL('../../../dist/site', import.meta.url));

/** The pages as they are shipped, with the real client and worker, over documents of a mesh that cannot run a model. */
describe('the built site in Chromium', () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;

  beforeAll(async () => {
    if (!existsSync(`${SITE}/index.html`)) throw new Error('dist/site is missing: run `npm run build:site` first.');
    browser = await launchChromium();
    site = await serveSite(SITE, mockMesh({ liveEveryMs: 100 }));
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function visit(path: string, options: BrowserContextOptions, use: (page: Page, complaints: string[]) => Promise<void>) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    try {
      const page = await context.newPage();
      const complaints = watchPage(page);
      await page.goto(site.origin + path);
      await use(page, complaints);
    } finally {
      await context.close();
    }
  }

  const connected = (page: Page) => page.waitForFunction(() => 'facet' in globalThis && globalThis.facet !== undefined);
  const ticking = (page: Page) => page.locator('.mark').nth(3).waitFor();

  it('probes and connects in an isolated page, and breaks no rule of the CSP', () =>
    visit('/', {}, async (page, complaints) => {
      await connected(page);
      const seen = await page.evaluate(() => ({
        isolated: crossOriginIsolated,
        deviceClass: globalThis.facet?.profile.deviceClass,
        simd: globalThis.facet?.report.wasm.simd,
      }));
      expect(seen).toEqual({ isolated: true, deviceClass: 'wasm-mt.chromium.8g', simd: true });
      await page.getByText('wasm-mt.chromium.8g').waitFor();
      expect(complaints).toEqual([]);
    }));

  it('would notice a broken rule', () =>
    visit('/', {}, async (page, complaints) => {
      await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">styled in its markup</p>'));
      await expect.poll(() => complaints).toEqual([expect.stringMatching(/^CSP: .*inline style/i)]);
    }));

  it('says what is wrong when the bundle cannot be had, and can try again', () =>
    visit('/', {}, async (page, complaints) => {
      await connected(page);
      await page.getByRole('button', { name: /^Write/ }).click();
      await page.getByRole('alert').getByText('What to do:').waitFor();
      expect(await page.getByRole('button', { name: /^Write/ }).isEnabled()).toBe(true);
      expect(complaints).toEqual([]);
    }));

  it('remembers that measurements are not to be shared', () =>
    visit('/', {}, async (page) => {
      await connected(page);
      await page.getByRole('switch', { name: 'Share measurements' }).click();
      await page.reload();
      await connected(page);
      expect(await page.getByRole('switch', { name: 'Share measurements' }).isChecked()).toBe(false);
    }));

  it('steps through system, light and dark colours, and remembers', () =>
    visit('/', { colorScheme: 'dark' }, async (page) => {
      const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
      const toggle = page.getByRole('button', { name: /^Colours:/ });
      expect(await theme()).toBe('dark');
      await toggle.click();
      expect(await theme()).toBe('light');
      await page.reload();
      expect(await theme()).toBe('light');
    }));

  it('shows the fleet, the models, the policies and live events on the dashboard', () =>
    visit('/dashboard', {}, async (page, complaints) => {
      await ticking(page);
      await page.getByText('94', { exact: true }).waitFor();
      await page.getByRole('img', { name: /^full-4: 17\.2 MB/ }).waitFor();
      await page.getByText('full-3, instead of full-4').waitFor();
      expect(complaints).toEqual([]);
    }));

  it('keeps a panel’s failure in its panel', () =>
    visit('/dashboard', {}, async (page) => {
      await page.route('**/v1/policies', (route) => route.fulfill({ json: { policies: [{ model: 'x' }] } }));
      await page.route('**/v1/telemetry/fleet', (route) => route.fulfill({ status: 503, json: { detail: 'The database is away.' } }));
      await page.reload();
      const panel = (name: string) => page.getByRole('region', { name });
      await panel('Policies of the tuner').getByText('does not have the expected form').waitFor();
      await panel('Fleet by device class').getByText('The database is away.').waitFor();
      await page.getByRole('img', { name: /^full-4: 17\.2 MB/ }).waitFor();
      await page.unroute('**/v1/telemetry/fleet');
      await panel('Fleet by device class').getByRole('button', { name: 'Try again' }).click();
      await panel('Fleet by device class').getByText('41 profiles, 23 sessions').waitFor();
    }));

  it.each([
    ['/', connected],
    ['/dashboard', ticking],
  ] as const)('%s never scrolls sideways, down to 320 px', (path, ready) =>
    visit(path, {}, async (page) => {
      await ready(page);
      for (const width of [1440, 1024, 768, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        expect(await overflow(page), `${width} px`).toBeLessThanOrEqual(0);
      }
    }),
  );

  it.each([
    ['/', 'light', connected],
    ['/', 'dark', connected],
    ['/dashboard', 'light', ticking],
    ['/dashboard', 'dark', ticking],
  ] as const)('%s in %s passes the WCAG 2.2 AA rules of axe', (path, colorScheme, ready) =>
    visit(path, { colorScheme }, async (page) => {
      await ready(page);
      // What is seen half-way through a change of state is gone at the next look.
      await expect.poll(() => accessibilityViolations(page), { timeout: 10_000 }).toEqual([]);
    }),
  );
});
