/**
 * Takes the README's pictures from a running mesh, so that every figure in them was measured:
 * `./facet up --detach`, then `node playground/dev/readme-images.mjs http://localhost:8080`.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { devices } from 'playwright-core';
import { launchChromium } from './browser.mjs';

const origin = process.argv[2] ?? 'http://localhost:8080';
const target = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const WIDE = { viewport: { width: 1440, height: 900 } };
const PROMPTS = ['C++ class', 'PowerShell', 'How-to', 'Rust', 'Reference page', 'Syntax'];
const ENDED = /Reached the token limit|ended the text|context is full/;

async function open(browser, path, options) {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(origin + path);
  return page;
}

async function write(page, prompt) {
  await page.getByRole('button', { name: prompt, exact: true }).click();
  await page.getByRole('button', { name: /^Write/ }).click();
  await page.getByRole('button', { name: /^Stop/ }).waitFor();
  await page.getByRole('button', { name: /^Write/ }).waitFor({ timeout: 120_000 });
  await page.getByText(ENDED).first().waitFor({ state: 'attached' });
}

mkdirSync(target, { recursive: true });
const browser = await launchChromium();
try {
  const dashboard = await open(browser, '/dashboard', { ...WIDE, colorScheme: 'dark' });
  const desktop = await open(browser, '/', { ...WIDE, colorScheme: 'light' });
  const phone = await open(browser, '/', devices['Pixel 7']);
  for (const prompt of PROMPTS) {
    await write(desktop, prompt);
    await write(phone, prompt);
  }
  await write(desktop, PROMPTS[0]);
  await desktop.evaluate(() => scrollTo(0, 0));
  await desktop.mouse.move(0, 0);
  await desktop.waitForTimeout(400);
  await desktop.screenshot({ path: `${target}/playground.png` });
  // Batches leave a browser every few seconds; aggregates are read again every ten.
  await dashboard.locator('.mark').first().waitFor({ timeout: 60_000 });
  await dashboard.waitForTimeout(12_000);
  await dashboard.screenshot({ path: `${target}/dashboard.png` });
} finally {
  await browser.close();
}
