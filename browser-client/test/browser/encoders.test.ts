import { readFileSync } from 'node:fs';
import type { Worker } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TextTokenizer } from '../../src/tokenizer/text-tokenizer';
import type { BackendName } from '../../src/transport/wire';
import { bertOf, cosine } from '../fixtures/bert';
import { BrowserUnderTest } from '../fixtures/browser';
import { bundleOf, type Contents } from '../fixtures/bundle';
import { goldenLadder } from '../fixtures/golden-ladder';
import { wasmBackend } from '../fixtures/kernels';
import { TestMesh } from '../fixtures/mesh';
import { sample } from '../fixtures/samples';
import { SCENES, scenesContents } from '../fixtures/scenes';

const TOKENIZER = readFileSync(sample('scenes-vlm/tokenizer.json'));
const BERT = goldenLadder('bert');
const CONFORMANCE = new URL('../../../services/quantization/src/test/resources/conformance/bert/reference.json', import.meta.url);
const TEXTS = ['what colour is the ring?', 'the ring'];
const BACKENDS = ['wasm', 'webgpu'] as const;
/** One answer on a rasteriser takes as long as many on the CPU. */
const QUESTIONS = { wasm: 4, webgpu: 1 } as const;

let browser: BrowserUnderTest | undefined;
let expected: Float32Array[];

beforeAll(async () => {
  const tokenizer = new TextTokenizer(TOKENIZER, BERT.manifest.config.bosTokenId);
  const embedder = await bertOf(BERT, await wasmBackend());
  expected = [];
  for (const text of TEXTS) expected.push(await embedder.embed(tokenizer.encode(text)));
});

afterEach(() => browser?.close());

test('BERT at 8 bits on WebGPU gives the vectors of transformers, and of long texts those of WASM', async () => {
  const { cases } = JSON.parse(readFileSync(CONFORMANCE, 'utf8')) as { cases: { ids: number[]; mean_pooled: number[] }[] };
  const long = Array.from({ length: 70 }, (_, i) => (i * 37) % 512);
  const others = [long, [5], long.slice(0, 33)];
  const { payloads, ...ladder } = BERT;
  const texts = payloads.map((payload) => Buffer.from(payload).toString('base64'));
  browser = await BrowserUnderTest.open();
  const found = await browser.page.evaluate(
    ([given, bytes, ids]) => harness.embed(given, bytes, ids), [ladder, texts, [...cases.map(({ ids }) => ids), ...others]] as const);

  cases.forEach(({ mean_pooled }, i) => expect(cosine(found[i]!, mean_pooled)).toBeGreaterThan(0.999));
  const embedder = await bertOf(BERT, await wasmBackend());
  for (const [i, ids] of others.entries()) expect(cosine(found[cases.length + i]!, await embedder.embed(ids))).toBeGreaterThan(0.9999);
});

describe.each(BACKENDS)('in Chromium on %s', (backend) => {
  test('a text encoder gives the vectors that WASM gives here', async () => {
    await load('bert', contentsOfBert(), backend);
    const found = await embed();

    found.forEach((vector, i) => expect(cosine(vector, expected[i]!)).toBeGreaterThan(0.9999));
    expect(await backendOf()).toBe(backend);
  });

  test('a model that is given pictures answers about them, and gives no vectors', async () => {
    await load('scenes-vlm', scenesContents(4), backend);

    for (const { image, question, expected: right } of SCENES.cases.slice(0, QUESTIONS[backend])) {
      expect(await answer(image, question)).toBe(right);
    }
    const refusal = await browser!.page.evaluate(() => model.embed(['a']).catch((error: { code: string }) => error.code));
    expect(refusal).toBe('invalid-argument');
    expect(await backendOf()).toBe(backend);
  });
});

test('texts become vectors on WASM where the graphics device is destroyed on the way', async () => {
  await load('bert', contentsOfBert(), 'webgpu', 5);
  const found = await embed();

  found.forEach((vector, i) => expect(cosine(vector, expected[i]!)).toBeGreaterThan(0.9999));
  expect(await backendOf()).toBe('wasm');
});

test.each([['while it looks at the picture', 5], ['in the middle of the answer', 40]])(
  'an answer about a picture is whole where the graphics device is destroyed %s', async (_, submissions) => {
    const { image, question, expected: right } = SCENES.cases[0]!;
    await load('scenes-vlm', scenesContents(4), 'webgpu', submissions);

    expect(await answer(image, question)).toBe(right);
    expect(await backendOf()).toBe('wasm');
    expect(await deviceLosses()).toBe(1);
  });

function contentsOfBert(): Contents {
  const { manifest: { config, frames, tensors }, payloads } = BERT;
  return { config, frames, tensors, payloads };
}

let mesh: TestMesh;

/** @param submissions from then on after which the device is destroyed; none to leave it alone */
async function load(id: string, contents: Contents, backend: BackendName, submissions?: number): Promise<void> {
  mesh = new TestMesh(BACKENDS.map((each) => bundleOf(id, TOKENIZER, contents, each)));
  browser = await BrowserUnderTest.open(mesh);
  await browser.page.evaluate(async () => {
    globalThis.facet = await harness.Facet.connect('/');
  });
  const worker = browser.page.workers()[0]!;
  await watchDevices(worker);
  await browser.page.evaluate(async ([name, wanted]) => {
    globalThis.model = await facet.load(name, { pin: { backend: wanted, bits: 8 } });
  }, [id, backend] as const);
  if (submissions) await destroyAfter(worker, submissions);
}

/** Kept in the worker: submissions until its device is destroyed, and every later one after its first. */
declare global {
  var submissionsLeft: number;
}

/** Counts what is submitted to each device that the worker gets. */
function watchDevices(worker: Worker): Promise<void> {
  return worker.evaluate(() => {
    globalThis.submissionsLeft = Infinity;
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      const submit = device.queue.submit.bind(device.queue);
      device.queue.submit = (buffers) => {
        submit(buffers);
        if (--submissionsLeft <= 0) device.destroy();
        return undefined;
      };
      return device;
    };
  });
}

function destroyAfter(worker: Worker, submissions: number): Promise<void> {
  return worker.evaluate((most) => void (globalThis.submissionsLeft = most), submissions);
}

function embed(): Promise<number[][]> {
  return browser!.page.evaluate(async (given) => (await model.embed(given)).map((vector) => [...vector]), TEXTS);
}

function answer(image: string, question: string): Promise<string> {
  const bytes = readFileSync(sample(`scenes-vlm/${image}`)).toString('base64');
  return browser!.page.evaluate(async ([file, asked]) => {
    const png = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    return model.answer(await createImageBitmap(new Blob([png], { type: 'image/png' })), asked, { maxTokens: 60 });
  }, [bytes, question] as const);
}

function backendOf(): Promise<string> {
  return browser!.page.evaluate(() => model.stats().backend);
}

/** Failures of devices that the client has told of. */
async function deviceLosses(): Promise<number> {
  const losses = () => mesh.telemetry.flatMap(({ events }) => events).filter(({ code }) => code === 'device-lost').length;
  await expect.poll(losses, { timeout: 10_000 }).toBeGreaterThan(0);
  return losses();
}
