/**
 * Takes all pages in every state that a person can meet, wide and phone-narrow, light and dark, under the production
 * headers, into `dist/screenshots`. Fails when a page breaks the CSP or a WCAG rule, throws, or scrolls
 * sideways.
 *
 * `npm run screenshots [-- name]` takes only the states whose name contains `name`.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { accessibilityViolations, launchChromium, overflow, watchPage } from './browser.mjs';
import { mockMesh } from './mock-mesh.mjs';
import { serveSite } from './static-site.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SITE = here('../../dist/mock-site');
const TARGET = here('../../dist/screenshots');

const VIEWS = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 }, fullPage: true },
];

const write = (page) => page.getByRole('button', { name: /^Write/ }).click();
const ended = (page) => page.getByText(/Reached the token limit|ended the text/).first().waitFor({ state: 'attached' });

const STATES = [
  { name: 'playground-ready', path: '/', mesh: {}, act: (page) => page.getByText('Connected').waitFor({ state: 'attached' }) },
  { name: 'playground-empty', path: '/', mesh: { scenario: 'empty' }, act: (page) => page.getByText('No model has been imported yet').waitFor() },
  { name: 'playground-importing', path: '/', mesh: { scenario: 'importing' }, act: (page) => page.getByText('Importing docs-29m').first().waitFor() },
  {
    name: 'playground-loading',
    path: '/',
    mesh: { bytesPerSecond: 3e6 },
    act: async (page) => {
      await write(page);
      await page.waitForFunction(() => /^[6-9]\d %$/.test(document.querySelector('.picture-amount strong')?.textContent ?? ''));
    },
  },
  {
    name: 'playground-generating',
    path: '/',
    mesh: { bytesPerSecond: 2e8, tokenMs: 90 },
    act: async (page) => {
      await write(page);
      await page.waitForFunction(() => (document.querySelector('.output-pre')?.textContent?.length ?? 0) > 110);
    },
  },
  {
    name: 'playground-done',
    path: '/',
    mesh: { bytesPerSecond: 2e8 },
    act: async (page) => {
      await write(page);
      await ended(page);
    },
  },
  { name: 'playground-down', path: '/', mesh: { scenario: 'down' }, act: (page) => page.getByText('The mesh cannot be reached').first().waitFor() },
  {
    name: 'playground-nothing-fits',
    path: '/',
    mesh: { scenario: 'nothing-fits' },
    act: async (page) => {
      await write(page);
      await page.getByText('does not fit').waitFor();
    },
  },
  {
    name: 'playground-advanced',
    path: '/',
    mesh: {},
    act: (page) => page.getByRole('button', { name: /Advanced/ }).click(),
  },
  {
    name: 'playground-question',
    path: '/',
    mesh: { scenario: 'pictures', bytesPerSecond: 2e8 },
    act: async (page) => {
      await page.getByLabel('Picture', { exact: true }).setInputFiles(here('../../../samples/scenes-vlm/scene-00.png'));
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByText('an orange ring below a purple square.').waitFor();
      await page.getByRole('button', { name: 'Ask' }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'report-done', path: '/report/?model=docs-29m', mesh: {}, act: (page) => page.getByRole('img', { name: /^full-4:/ }).waitFor() },
  { name: 'report-missing', path: '/report/?model=other', mesh: {}, act: (page) => page.getByText('This cannot be shown now').first().waitFor() },
  { name: 'report-choice', path: '/report/', mesh: {}, act: (page) => page.getByRole('link', { name: 'docs-29m' }).waitFor() },
  { name: 'dashboard-done', path: '/dashboard/', mesh: { liveEveryMs: 250 }, act: (page) => page.waitForTimeout(14_000) },
  { name: 'dashboard-empty', path: '/dashboard/', mesh: { scenario: 'empty' }, act: (page) => page.getByText('No browser has come by yet').waitFor() },
  { name: 'dashboard-error', path: '/dashboard/', mesh: { scenario: 'down' }, act: (page) => page.getByText('This cannot be shown now').first().waitFor() },
  { name: 'dashboard-loading', path: '/dashboard/', mesh: {}, hang: true, act: (page) => page.getByText('Live telemetry').waitFor() },
];

async function take(browser, state, view, theme) {
  const site = await serveSite(SITE, mockMesh(state.mesh));
  const context = await browser.newContext({ viewport: view.viewport, colorScheme: theme, deviceScaleFactor: 1, reducedMotion: 'reduce' });
  try {
    const page = await context.newPage();
    const complaints = watchPage(page);
    if (state.hang) await page.route('**/v1/**', () => undefined);
    await page.goto(site.origin + state.path);
    await state.act(page);
    await page.waitForTimeout(150);
    const wide = await overflow(page);
    if (wide > 0) complaints.push(`${wide} px wider than the viewport`);
    const name = `${state.name}-${view.name}-${theme}`;
    await page.screenshot({ path: `${TARGET}/${name}.png`, fullPage: view.fullPage ?? false });
    if (!view.fullPage) complaints.push(...(await accessibilityViolations(page)));
    return complaints.map((complaint) => `${name}: ${complaint}`);
  } finally {
    await context.close();
    await site.close();
  }
}

const wanted = process.argv[2] ?? '';
await build({ configFile: here('vite.config.ts'), logLevel: 'warn' });
mkdirSync(TARGET, { recursive: true });
const browser = await launchChromium();
const complaints = [];
try {
  for (const state of STATES.filter(({ name }) => name.includes(wanted))) {
    for (const view of VIEWS) {
      for (const theme of ['light', 'dark']) complaints.push(...(await take(browser, state, view, theme)));
    }
    console.log(`${state.name}: taken`);
  }
} finally {
  await browser.close();
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
