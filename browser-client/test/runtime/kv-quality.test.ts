import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { KvPrecision } from '../../src/kernels/kv-format';
import { LlamaDecoder } from '../../src/runtime/llama-decoder';
import { llamaWeights } from '../../src/runtime/llama-weights';
import { WeightStore } from '../../src/runtime/weight-store';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import { docsBundles, type TestBundle } from '../fixtures/bundle';
import { BUILDS, wasmBackend } from '../fixtures/kernels';
import { sample } from '../fixtures/samples';

const CONTEXT = 512;
let bundle: TestBundle;
let ids: readonly number[];
let exact: readonly Float32Array[];

beforeAll(async () => {
  const tokenizer = new TextTokenizer(readFileSync(sample('docs-29m/tokenizer.json')), 0);
  ids = tokenizer.encode(readFileSync(sample('text/docs-dev.txt'), 'utf8').slice(0, 8 * CONTEXT)).slice(0, CONTEXT);
  bundle = docsBundles(['wasm'], 8)[0]!;
  exact = await logProbabilities(null);
}, 120_000);

/** What the caches of `./facet evaluate --kv` may cost; here over one window only. */
test.each([[4, 0.0065], [3, 0.03], [2, 0.18]] as const)('keys and values of %i bits cost a mean KL of at most %f', async (bits, most) => {
  const coded = await logProbabilities({ keys: bits, values: bits, window: 64 });
  const kl = exact.reduce((sum, p, i) => sum + divergence(p, coded[i]!), 0) / exact.length;
  console.log(`K${bits}V${bits}: mean KL ${kl.toFixed(5)}`);

  expect(kl).toBeGreaterThan(0);
  expect(kl).toBeLessThanOrEqual(most);
}, 120_000);

/** By position: of docs-29m at 8 bits, tokens one by one. */
async function logProbabilities(precision: KvPrecision | null): Promise<Float32Array[]> {
  const { manifest, blobs } = bundle;
  const backend = await wasmBackend(BUILDS[0]!);
  const store = new WeightStore(backend, manifest);
  manifest.frames.forEach((frame, index) => {
    if (index !== manifest.tokenizer.frame) store.accept({ index, payload: new Uint8Array(blobs.get(frame.sha256)!).slice(), cached: false });
  });
  const decoder = new LlamaDecoder(backend, manifest.config, llamaWeights(store, manifest.config), CONTEXT, precision);
  const found: Float32Array[] = [];
  for (const [position, id] of ids.entries()) {
    decoder.step([id], position, true);
    found.push(normalised(await decoder.logits()));
  }
  return found;
}

function normalised(logits: Float32Array): Float32Array {
  const most = logits.reduce((so, value) => Math.max(so, value), -Infinity);
  const total = most + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return logits.map((value) => value - total);
}

function divergence(p: Float32Array, q: Float32Array): number {
  return p.reduce((sum, value, i) => sum + Math.exp(value) * (value - q[i]!), 0);
}
