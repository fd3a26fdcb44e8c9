import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../playground/dev/browser.mjs';
import type { ModelSummary, Pin } from '../src/index';
import { REFERENCE } from '../test/fixtures/samples';
import { Firefox } from './engines/firefox';
import { WebKit } from './engines/webkit';
import { Pace } from './pace';
import { RunningMesh } from './running-mesh';
import { Visitor } from './visitor';
import { writeGreedily } from './write-greedily';

interface Policy {
  readonly model: string;
  readonly deviceClass: string;
  readonly point: string;
  readonly defaultPoint: string;
  readonly reason: string;
  readonly history: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** Far above what docs-29m takes on any host that runs these tests, far below what a slowed page takes. */
const TARGET_MS_PER_TOKEN = 25;
const SLOWDOWN = 40;

/** Texts that the reference implementation has gone on with. */
const REFERENCE_TASK = { prompts: REFERENCE.cases.map(({ ids }) => ids), tokens: REFERENCE.cases[0]!.greedy.length };

/** From an empty data directory to a changed policy, as an operator and visitors with real browsers would go. */
describe('the mesh and its visitors', () => {
  let mesh: RunningMesh;
  let browser: Browser;

  beforeAll(async () => {
    mesh = await RunningMesh.start({
      FACET_TUNER_TARGET_MS_PER_TOKEN: String(TARGET_MS_PER_TOKEN),
      // A little text to calibrate on, for the sake of the time; the default is sixteen times as much.
      FACET_CALIBRATION_WINDOWS: '4',
    });
    await mesh.settled('docs-29m');
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await mesh?.close();
  });

  const policies = async () => (await mesh.get<{ policies: Policy[] }>('/v1/policies')).policies;

  it('has imported the sample and measured every point', async () => {
    const { models } = await mesh.get<{ models: ModelSummary[] }>('/v1/models');
    const docs = models.find(({ id }) => id === 'docs-29m');
    expect(docs?.state).toBe('published');
    expect(docs?.edition?.name).toBe('calibrated');
    expect(docs?.problem).toBeNull();
    const kl = (id: string) => docs!.points.find((point) => point.id === id)!.quality!.meanKl;
    expect(kl('reference-8')).toBeLessThan(0.002);
    expect(kl('full-4')).toBeLessThan(kl('full-3'));
    expect(kl('full-3')).toBeLessThan(kl('full-2'));
    expect(kl('compact-2.5')).toBeLessThan(kl('full-2'));
  });

  it('shows the report to a browser that opens it', async () => {
    const page = await browser.newPage();
    await page.goto(`${mesh.origin}/v1/models/docs-29m/report`);
    await page.getByRole('heading', { name: 'docs-29m', level: 1 }).waitFor();
    await page.getByRole('img', { name: /^full-4:/ }).waitFor();
    expect(await page.getByRole('img', { name: /^Q4_K_M/ }).count()).toBe(1);
    await page.close();
  });

  it('writes for somebody who opens the page, types and presses the button', async () => {
    const visitor = await Visitor.visit(browser, mesh.origin);
    const { page } = visitor;
    await page.getByLabel('Text to continue').fill('The std::unique_ptr class');
    await page.getByRole('button', { name: /^Write/ }).click();
    await page.getByRole('img', { name: /100 % received/ }).waitFor();
    await page.getByText(/^(Reached the token limit|The model ended the text)/).first().waitFor({ state: 'attached' });
    const text = await page.getByRole('region', { name: 'Text' }).locator('pre').innerText();
    expect(text.length).toBeGreaterThan('The std::unique_ptr class'.length + 20);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it.each<Pin>([
    { bits: 8, backend: 'wasm' },
    { bits: 8, backend: 'webgpu' },
  ])('at 8 bits on $backend writes what the reference wrote', async (pin) => {
    const visitor = await Visitor.visit(browser, mesh.origin);
    const cases = REFERENCE.cases;
    const { plan, written } = await visitor.write({ ...REFERENCE_TASK, pin });
    const equal = cases.filter(({ greedy }, i) => greedy.join() === written[i]!.ids.join());
    expect(plan.backend).toBe(pin.backend);
    expect(equal.length, `${equal.length} of ${cases.length} prompts`).toBeGreaterThanOrEqual(4);
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });

  it.for([
    { name: 'Firefox', OtherEngine: Firefox },
    { name: 'WebKit', OtherEngine: WebKit },
  ])('in $name writes what Chromium writes', async ({ name, OtherEngine }, { skip }) => {
    // FACET_ALL_ENGINES is set where the tests themselves install browsers.
    if (!OtherEngine.installed && !process.env.FACET_ALL_ENGINES) skip(`${name} is not installed`);
    const task = { ...REFERENCE_TASK, pin: { bits: 8, backend: 'wasm' } } as const;
    const visitor = await Visitor.visit(browser, mesh.origin);
    const { written: expected } = await visitor.write(task);
    await visitor.leave();

    const other = await OtherEngine.launch();
    try {
      await other.open(mesh.origin);
      await expect.poll(() => other.run(() => globalThis.facet !== undefined, null), { timeout: 30_000 }).toBe(true);
      const { plan, written } = await other.run(writeGreedily, task);
      expect(plan.backend).toBe('wasm');
      expect(written.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    } finally {
      await other.close();
    }
  });

  it('gives a slowed device class fewer bits, and its bits back when the cause is gone', { timeout: 420_000 }, async () => {
    const before = await session(1);
    expect(before.plan.point.id).toBe('full-4');

    const lower = async () => {
      await session(SLOWDOWN);
      return (await policies())[0]!.point;
    };
    await expect.poll(lower, { timeout: 150_000, interval: 500 }).not.toBe('full-4');
    const [lowered] = (await policies()) as [Policy];
    expect(lowered.history.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('misses the target'));

    let next = await session(1);
    await expect
      .poll(async () => (next = await session(1)).plan.point.id, { timeout: 30_000, interval: 1_000 })
      .toBe(lowered.point);
    expect(next.plan.point.bytes).toBeLessThan(before.plan.point.bytes);
    expect(next.plan.reasons.find(({ choice }) => choice === 'precision')?.because).toMatch(/measure/i);

    const returned = async () => {
      await session(1);
      return (await policies())[0]!.point;
    };
    await expect.poll(returned, { timeout: 150_000, interval: 500 }).toBe('full-4');
    expect((await policies())[0]!.history.length).toBeGreaterThanOrEqual(2);
  });

  /** Opens the page, writes a little, leaves; slowed by a factor while it writes. */
  async function session(slowdown: number) {
    const visitor = await Visitor.visit(browser, mesh.origin);
    const model = await visitor.load();
    const pace = slowdown > 1 ? await Pace.slow(browser, slowdown) : null;
    try {
      return await visitor.measure(model, 24);
    } finally {
      await pace?.end();
      await visitor.leave();
    }
  }
});
