import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import { cutOf, docsBundles, type TestBundle } from '../../test/fixtures/bundle';
import { TestMesh } from '../../test/fixtures/mesh';
import { sample } from '../../test/fixtures/samples';
import { median, report, type Row } from '../report';
import { BenchBrowser } from './browser';
import { CACHES, cacheBundles, codedSpeeds, type CodedRound, losses, share } from './caches';
import { deliveryRows } from './delivery';
import { writeGguf } from './gguf';
import type { Run } from './page';

const PROMPT = 256;
const TOKENS = 128;
const CONTEXT = 512;
const THREADS = [1, 2] as const;
const PARTS: readonly string[] = ['speed', 'delivery'];
/** A delivery takes the slow line's time, and tells little more when it is repeated. */
const DELIVERIES = 3;
const PHASES = { decode: { floor: 3, goal: 5 }, prefill: { floor: 6, goal: 12 } } as const;
const CACHE = fileURLToPath(new URL('../../../.facet/bench/', import.meta.url));

/**
 * Decode and prefill of docs-29m at 4 bits on WebAssembly, ours beside wllama's and beside itself with caches in codes. All
 * models are loaded in one page; each round runs every one once, and a ratio is the median over rounds of the ratio within a
 * round. Then what caches in codes lose and take.
 */
export async function main(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options, options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '7' }, part: { type: 'string' } },
  });
  const rounds = Number(values.rounds);
  const parts = new Set(values.part ? [values.part] : PARTS);
  if (![...parts].every((part) => PARTS.includes(part))) throw new Error(`--part is one of ${PARTS.join(', ')}.`);
  const prepared = bundles();
  const deliveries = { four: prepared[0]!, three: cutOf(prepared[0]!, 3) };
  const mesh = new TestMesh([...prepared, deliveries.three]);
  const browser = await BenchBrowser.open(mesh, gguf());
  try {
    const host = `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}, ${browser.version()}`;
    const found: Row[] = [];
    if (parts.has('speed')) found.push(...(await speedRows(browser, rounds)));
    if (parts.has('delivery')) found.push(...(await deliveryRows(browser, { ...deliveries, ...prompt(16), rounds: Math.min(rounds, DELIVERIES) })));
    report('client', host, found, values.json === true);
  } finally {
    await browser.close();
  }
}

async function speedRows(browser: BenchBrowser, rounds: number): Promise<Row[]> {
  const measured = await measure(await browser.page(), rounds);
  const caches = await browser.page();
  const rows = [...speeds(measured), ...codedSpeeds(measured), ...(await losses(caches, prompt(CONTEXT).ids)), await share(caches)];
  return [...rows, await start(browser, rounds)];
}

/** One bundle, planned for each number of threads under a name of its own. */
function bundles(): TestBundle[] {
  const [bundle] = docsBundles(['wasm'], 4, 6);
  const planned = { ...bundle!.plan, contextLength: CONTEXT };
  const plain = THREADS.map((threads) => ({ ...bundle!, plan: { ...planned, model: nameOf(threads), threads } }));
  return [...plain, ...cacheBundles({ ...bundle!, plan: { ...planned, threads: 1 } }, CONTEXT)];
}

/** Of our model on so many threads. */
function nameOf(threads: number): string {
  return `threads-${threads}`;
}

/** The checkpoint as the peer reads it, written once. */
function gguf(): string {
  const digest = createHash('sha256').update(readFileSync(sample('docs-29m/model.safetensors'))).digest('hex');
  const file = `${CACHE}docs-29m-q4_0-${digest.slice(0, 12)}.gguf`;
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(file, writeGguf(sample('docs-29m')));
  }
  return file;
}

/** The runs of a round, by threads; those with caches in codes by bits. */
interface Round extends CodedRound {
  readonly ours: readonly Run[];
  readonly peers: readonly Run[];
}

async function measure(page: Page, count: number): Promise<Round[]> {
  for (const threads of THREADS) {
    const running = await page.evaluate((name) => bench.load(name), nameOf(threads));
    if (running !== threads) throw new Error(`Our model runs on ${running} threads, not on ${threads}.`);
    await page.evaluate((wanted) => bench.loadPeer(wanted), threads);
  }
  for (const { name } of CACHES) await page.evaluate((wanted) => bench.load(wanted), name);
  const { ids, text } = prompt(PROMPT);
  const run = (name: string) => page.evaluate(([wanted, tokenIds, tokens]) => bench.run(wanted, tokenIds, tokens), [name, ids, TOKENS] as const);
  const rounds: Round[] = [];
  for (let i = 0; i <= count; i++) {
    const round: { ours: Run[]; peers: Run[]; coded: Run[] } = { ours: [], peers: [], coded: [] };
    for (const threads of THREADS) {
      round.peers.push(await page.evaluate(([wanted, words, tokens]) => bench.runPeer(wanted, words, tokens), [threads, text, TOKENS] as const));
      round.ours.push(await run(nameOf(threads)));
    }
    for (const { name } of CACHES) round.coded.push(await run(name));
    [...round.ours, ...round.peers, ...round.coded].forEach(checkWork);
    if (i === 0) showTexts(round);
    else rounds.push(round);
  }
  return rounds;
}

/** Speeds compare only where the work is the same. */
function checkWork({ promptTokens, tokens }: Run): void {
  if (promptTokens === PROMPT && tokens === TOKENS) return;
  throw new Error(`An engine took ${promptTokens} and wrote ${tokens} tokens, not ${PROMPT} and ${TOKENS}.`);
}

/** For the eye: both are the same model, so they begin alike. */
function showTexts({ ours, peers }: Round): void {
  const beginning = ({ text }: Run) => JSON.stringify(text.slice(0, 100));
  console.error(`ours:   ${beginning(ours[0]!)}\nwllama: ${beginning(peers[0]!)}`);
  if (new Set(ours.map(({ text }) => text)).size > 1) throw new Error('The number of threads changed our text.');
}

/** The prompt as our tokens and as text: the peer tokenizes on its own and must find as many. */
function prompt(length: number): { ids: number[]; text: string } {
  const tokenizer = new TextTokenizer(readFileSync(sample('docs-29m/tokenizer.json')), null);
  const words = readFileSync(sample('text/docs-dev.txt'), 'utf8').slice(0, 8 * length);
  const ids = tokenizer.encode(words).slice(0, length);
  return { ids, text: tokenizer.decode(ids) };
}

function speeds(rounds: readonly Round[]): Row[] {
  return (['decode', 'prefill'] as const).flatMap((phase) => THREADS.flatMap((threads, i): Row[] => {
    const ms = (run: Run) => run[`${phase}MsPerToken`];
    const on = `${threads} thread${threads > 1 ? 's' : ''}`;
    const speed = (name: string, of: (round: Round) => Run): Row => ({
      name: `${phase}, ${name}, ${on}`, value: median(rounds.map((round) => 1000 / ms(of(round)))), unit: 'tokens/s', better: 'higher',
    });
    const ratio = median(rounds.map(({ ours, peers }) => ms(peers[i]!) / ms(ours[i]!)));
    return [
      speed('docs-29m at 4 bits', ({ ours }) => ours[i]!),
      speed('wllama, Q4_0', ({ peers }) => peers[i]!),
      { name: `${phase}, ours over wllama, ${on}`, value: ratio, unit: 'x', better: 'higher', ...PHASES[phase] },
    ];
  }));
}

/** How much longer the second token takes than the tenth, in pages that have run nothing yet. */
async function start(browser: BenchBrowser, rounds: number): Promise<Row> {
  const { ids } = prompt(16);
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const page = await browser.page();
    await page.evaluate((name) => bench.load(name), nameOf(1));
    const gaps = await page.evaluate(([name, tokenIds]) => bench.gaps(name, tokenIds, 12), [nameOf(1), ids] as const);
    ratios.push(gaps[0]! / gaps[8]!);
    await page.context().close();
  }
  return { name: 'second token over tenth, first generation of a page', value: median(ratios), unit: 'x', better: 'lower', floor: 1, goal: 1 };
}
