import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { TextEmbedder } from '../../src/runtime/text-embedder';
import { encoderStack } from '../../src/runtime/encoder-weights';
import { WeightStore } from '../../src/runtime/weight-store';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import type { BundleManifest } from '../../src/transport/wire';
import { BrowserUnderTest } from '../fixtures/browser';
import { bundleOf, type TestBundle } from '../fixtures/bundle';
import { goldenLadder } from '../fixtures/golden-ladder';
import { wasmBackend } from '../fixtures/kernels';
import { TestMesh } from '../fixtures/mesh';
import { sample } from '../fixtures/samples';
import { SCENES, scenesContents } from '../fixtures/scenes';

const TOKENIZER = readFileSync(sample('scenes-vlm/tokenizer.json'));
let browser: BrowserUnderTest | undefined;

afterEach(() => browser?.close());

test('a text encoder gives in Chromium the vectors that it gives here', async () => {
  const texts = ['what colour is the ring?', 'the ring'];
  const { manifest: { config, frames, tensors }, payloads } = goldenLadder('bert');
  await load(bundleOf('bert', TOKENIZER, { config, frames, tensors, payloads }, 'wasm'));

  const found = await browser!.page.evaluate(async (given) => (await model.embed(given)).map((vector) => [...vector]), texts);

  const backend = await wasmBackend();
  const store = new WeightStore(backend, { config, frames, tensors } as BundleManifest, encoderStack);
  payloads.forEach((payload, index) => store.accept({ index, payload, cached: false }));
  const embedder = await TextEmbedder.create(backend, config, store);
  const tokenizer = new TextTokenizer(TOKENIZER, config.bosTokenId);
  for (const [i, text] of texts.entries()) {
    const expected = await embedder.embed(tokenizer.encode(text));
    expected.forEach((value, at) => expect(found[i]![at]).toBeCloseTo(value, 4));
  }
});

test('a model that is given pictures answers about them in Chromium, and gives no vectors', async () => {
  await load(bundleOf('scenes-vlm', TOKENIZER, scenesContents(4), 'wasm'));

  for (const { image, question, expected } of SCENES.cases.slice(0, 4)) {
    const bytes = readFileSync(sample(`scenes-vlm/${image}`)).toString('base64');
    const answer = await browser!.page.evaluate(async ([file, asked]) => {
      const png = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
      return model.answer(await createImageBitmap(new Blob([png], { type: 'image/png' })), asked, { maxTokens: 60 });
    }, [bytes, question] as const);
    expect(answer).toBe(expected);
  }
  const refusal = await browser!.page.evaluate(() => model.embed(['a']).catch((error: { code: string }) => error.code));
  expect(refusal).toBe('invalid-argument');
});

async function load(bundle: TestBundle): Promise<void> {
  browser = await BrowserUnderTest.open(new TestMesh([bundle]));
  await browser.page.evaluate(async (id) => {
    globalThis.facet = await harness.Facet.connect('/');
    globalThis.model = await facet.load(id);
  }, bundle.manifest.model);
}
