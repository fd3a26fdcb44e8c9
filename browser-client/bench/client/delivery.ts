import type { Page } from 'playwright-core';
import type { TestBundle } from '../../test/fixtures/bundle';
import { random } from '../../test/fixtures/random';
import { median, type Row } from '../report';
import type { BenchBrowser } from './browser';
import type { Delivery } from './delivery-page';
import { SlowLine } from './slow-line';

const BITS_PER_SECOND = 20e6;
const CUTS = 4;
const MIB = 2 ** 20;

/** What is delivered, and what is written meanwhile. */
export interface DeliveryTask {
  /** The model at 4 bits and, of the same ladder, at 3. */
  readonly four: TestBundle;
  readonly three: TestBundle;
  readonly ids: readonly number[];
  readonly text: string;
  readonly rounds: number;
}

/** One load in an empty browser. */
interface Round {
  readonly ours: Delivery;
  /** That came down the line for it. */
  readonly lineBytes: number;
  readonly peerMs: number;
}

/** Delivery of docs-29m over a line of 20 Mbit/s to a browser with nothing kept; wllama's file comes by the same line. */
export async function deliveryRows(browser: BenchBrowser, task: DeliveryTask): Promise<Row[]> {
  const line = await SlowLine.open(browser.port, BITS_PER_SECOND);
  try {
    const rounds: Round[] = [];
    for (let i = 0; i < task.rounds; i++) rounds.push(await round(browser, line, task));
    return [...firstToken(rounds), ...refinement(rounds), ...(await visits(browser, line, task)), await cuts(browser, line, task, rounds)];
  } finally {
    await line.close();
  }
}

async function round(browser: BenchBrowser, line: SlowLine, task: DeliveryTask): Promise<Round> {
  const { ours, lineBytes } = await deliver(browser, line, task);
  const page = await browser.page(line.port);
  await page.evaluate(() => delivery.loadPeerCode());
  const peerMs = await page.evaluate((text) => delivery.peerFirstToken(text), task.text);
  await page.context().close();
  return { ours, lineBytes, peerMs };
}

/** @param meanwhile runs beside the load */
async function deliver(
  browser: BenchBrowser, line: SlowLine, { ids }: DeliveryTask, meanwhile: () => Promise<void> = async () => undefined,
): Promise<Omit<Round, 'peerMs'>> {
  const page = await connected(browser, line);
  const before = line.bytes;
  const [ours] = await Promise.all([page.evaluate((prompt) => delivery.deliver(4, prompt), [...ids]), meanwhile()]);
  await page.context().close();
  return { ours, lineBytes: line.bytes - before };
}

async function connected(browser: BenchBrowser, line: SlowLine, beside?: Page): Promise<Page> {
  const page = await browser.page(line.port, beside?.context());
  await page.evaluate(() => delivery.connect());
  return page;
}

function firstToken(rounds: readonly Round[]): Row[] {
  const ours = median(rounds.map((each) => each.ours.firstTokenMs));
  const peer = median(rounds.map(({ peerMs }) => peerMs));
  const ratio = median(rounds.map((each) => each.ours.firstTokenMs / each.peerMs));
  const row = (name: string, value: number, unit: string, asked: Partial<Row> = {}): Row => ({ name, value, unit, better: 'lower', ...asked });
  return [
    row('bytes of the bundle at the first token', 100 * median(rounds.map((each) => each.ours.share)), '%', { floor: 60, goal: 50 }),
    row('first token over 20 Mbit/s, docs-29m at 4 bits', ours / 1000, 's'),
    row('first token over 20 Mbit/s, wllama, Q4_0', peer / 1000, 's'),
    row('first token over 20 Mbit/s, ours over wllama', ratio, 'x', { floor: 0.55, goal: 0.42 }),
    { name: 'bits of a weight at the first token', value: median(rounds.map((each) => each.ours.bitsAtFirstToken)), unit: 'bits', better: 'higher' },
  ];
}

/** What a reader notices of planes that are merged meanwhile. */
function refinement(rounds: readonly Round[]): Row[] {
  const token = median(rounds.flatMap(({ ours }) => ours.gapsComplete));
  const longest = median(rounds.map(({ ours }) => Math.max(...ours.gaps)));
  const pause = (longest - token) / token;
  return [{ name: 'longest pause while planes are merged, median of rounds', value: pause, unit: 'tokens', better: 'lower', floor: 2, goal: 2 }];
}

/** A second visit, and another precision of the same ladder. */
async function visits(browser: BenchBrowser, line: SlowLine, { four, three, ids }: DeliveryTask): Promise<Row[]> {
  const whole = (page: Page, bits: number) => page.evaluate(([wanted, prompt]) => delivery.whole(wanted, prompt), [bits, [...ids]] as [number, number[]]);
  const first = await connected(browser, line);
  const early = await first.evaluate((prompt) => delivery.deliver(4, prompt), [...ids]);
  const second = await connected(browser, line, first);
  const again = await whole(second, 4);
  const differing = again.ids.filter((id, i) => id !== early.ids[i]).length;
  await first.context().close();

  const page = await connected(browser, line);
  await whole(page, 3);
  const deeper = await whole(page, 4);
  const missing = four.manifest.bytes - three.manifest.bytes;
  await page.context().close();
  const bytes = (name: string, value: number): Row => ({ name, value, unit: 'bytes', better: 'lower', floor: 0, goal: 0 });
  return [
    bytes('weights over the network on a second visit', again.networkBytes),
    bytes('from 3 to 4 bits, fetched beyond the planes that lack', Math.abs(deeper.networkBytes - missing)),
    { name: 'greedy tokens unlike those of a model loaded whole', value: differing, unit: 'tokens', better: 'lower', floor: 0, goal: 0 },
  ];
}

/** Cuts at random moments of the load; what they cost is what comes down the line beyond a load without them. */
async function cuts(browser: BenchBrowser, line: SlowLine, task: DeliveryTask, rounds: readonly Round[]): Promise<Row> {
  const duration = median(rounds.map(({ ours }) => ours.completeMs));
  const next = random(Date.now());
  const moments = Array.from({ length: CUTS }, () => next() * 0.9 * duration).sort((a, b) => a - b);
  const { lineBytes } = await deliver(browser, line, task, async () => {
    const began = performance.now();
    for (const moment of moments) {
      await new Promise((resolve) => setTimeout(resolve, moment - (performance.now() - began)));
      line.cut();
    }
  });
  const uncut = median(rounds.map((each) => each.lineBytes));
  return { name: 'fetched again after four cuts at random', value: Math.max(0, lineBytes - uncut) / MIB, unit: 'MiB', better: 'lower', floor: 1, goal: 1 };
}
