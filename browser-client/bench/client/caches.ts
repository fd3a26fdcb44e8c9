import type { Page } from 'playwright-core';
import { docsBundles, type TestBundle } from '../../test/fixtures/bundle';
import { median, type Row } from '../report';
import type { Run } from './page';

// What caches of keys and values in codes cost, in time, in quality and in bytes: docs/kv-cache.md.

const WINDOW = 64;
const EXACT = 'exact';
const LONG = { tokens: 8192, bits: 2, window: 128, most: 0.2 } as const;

/** Widths of keys and values alike, and the divergence that each may cost. */
export const CACHES = [
  { bits: 4, most: 0.0065 }, { bits: 3, most: 0.03 }, { bits: 2, most: 0.18 },
].map((cache) => ({ ...cache, label: `K${cache.bits}V${cache.bits}`, name: `speed-${cache.bits}`, judged: `loss-${cache.bits}` }));

/** A round's runs with caches in codes, and beside them the run on one thread with float32. */
export interface CodedRound {
  readonly ours: readonly Run[];
  readonly coded: readonly Run[];
}

/** The model planned with each cache; and at 8 bits, to be judged by what it writes. */
export function cacheBundles(bundle: TestBundle, contextLength: number): TestBundle[] {
  const [fine] = docsBundles(['wasm'], 8);
  const judged = { ...fine!, plan: { ...fine!.plan, threads: 1, contextLength } };
  const coded = ({ plan, ...rest }: TestBundle, model: string, bits: number): TestBundle =>
    ({ ...rest, plan: { ...plan, model, kv: { keys: `q${bits}`, values: `q${bits}`, window: WINDOW } } });
  return [
    { ...judged, plan: { ...judged.plan, model: EXACT } },
    ...CACHES.flatMap(({ bits, name, judged: other }) => [coded(bundle, name, bits), coded(judged, other, bits)]),
  ];
}

export function codedSpeeds(rounds: readonly CodedRound[]): Row[] {
  return CACHES.map(({ label }, i) => ({
    name: `decode, ${label} caches over float32 ones, 1 thread`, unit: 'x', better: 'higher',
    value: median(rounds.map(({ ours, coded }) => ours[0]!.decodeMsPerToken / coded[i]!.decodeMsPerToken)),
  }));
}

/** @param ids one window of text, as long as the context */
export async function losses(page: Page, ids: readonly number[]): Promise<Row[]> {
  const names = [EXACT, ...CACHES.map(({ judged }) => judged)];
  const found = await page.evaluate(([models, tokens]) => bench.divergences(models, tokens), [names, ids] as const);
  return CACHES.map(({ label, most }, i) => ({
    name: `mean KL of ${label} caches, window ${WINDOW}, context ${ids.length}`, value: found[i + 1]!, unit: 'nats', better: 'lower', floor: most, goal: most,
  }));
}

export async function share(page: Page): Promise<Row> {
  const { tokens, bits, window, most } = LONG;
  const value = await page.evaluate(([model, capacity, width, recent]) => bench.cacheShare(model, capacity, width, recent), [EXACT, tokens, bits, window] as const);
  return { name: `bytes of K${bits}V${bits} caches over float16, ${tokens} tokens`, value, unit: 'x', better: 'lower', floor: most, goal: most };
}
