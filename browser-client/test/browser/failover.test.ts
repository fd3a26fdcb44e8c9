import type { Worker } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { GenerateOptions, GenerationStats, ModelStats } from '../../src/options';
import { BrowserUnderTest } from '../fixtures/browser';
import { docsBundles } from '../fixtures/bundle';
import { TestMesh } from '../fixtures/mesh';
import { REFERENCE } from '../fixtures/samples';

let mesh: TestMesh;
let browser: BrowserUnderTest;

/** What a test keeps in the worker: the devices that the client got, and the gains of the last one's norms. */
interface Sabotage {
  readonly devices: GPUDevice[];
  readonly gains: GPUBuffer[];
}
declare global {
  var sabotage: Sabotage;
}

beforeAll(async () => {
  mesh = new TestMesh(docsBundles(['webgpu', 'wasm'], 8));
  browser = await BrowserUnderTest.open(mesh);
  await browser.page.evaluate(async () => {
    globalThis.facet = await harness.Facet.connect('/');
  });
  await client().evaluate(() => {
    globalThis.sabotage = { devices: [], gains: [] };
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      sabotage.devices.push(device);
      sabotage.gains.length = 0;
      const { createBuffer } = device;
      device.createBuffer = (wanted) => {
        const buffer = createBuffer.call(device, wanted);
        if (wanted.label === 'constants') sabotage.gains.push(buffer);
        return buffer;
      };
      return device;
    };
  });
});

afterAll(() => browser?.close());

beforeEach(() => {
  mesh.telemetry.length = 0;
});

const WRITTEN = { ids: REFERENCE.cases[0]!.ids, maxTokens: 16, greedy: true, ignoreEos: true };
let undisturbed: Written;

test('a sentence goes on, unchanged, when its device is destroyed: on the device with less context, then on WASM', async () => {
  await load('webgpu');
  undisturbed = await generate(WRITTEN);
  const streams = mesh.streams.length;
  const once = await generate(WRITTEN, 5, destroyDevice);
  const twice = await generate(WRITTEN, 5, destroyDevice);

  expect(undisturbed.stats).toMatchObject({ backend: 'webgpu', contextLength: 256 });
  expect(once.stats).toMatchObject({ backend: 'webgpu', contextLength: 128 });
  expect(twice.stats).toMatchObject({ backend: 'wasm', contextLength: 128 });
  for (const disturbed of [once, twice]) {
    expect(disturbed.ids).toEqual(undisturbed.ids);
    expect(disturbed.text).toBe(undisturbed.text);
    expect(disturbed.generation).toMatchObject({ tokens: 16, finish: 'max-tokens' });
    expect(disturbed.planned).toBe(disturbed.stats.backend);
  }
  expect(mesh.streams.length, 'weights come from the browser').toBe(streams);
  const lost = { code: 'device-lost', stage: 'generation', backend: 'webgpu' };
  await expect.poll(failures, { timeout: 10_000 }).toEqual([lost, lost]);
});

test('sampled text goes on with the random numbers that it would have had', async () => {
  const sampling = { ids: WRITTEN.ids, maxTokens: 12, seed: 11, temperature: 0.7 };
  const onWasm = await generate(sampling);
  await load('webgpu');
  const disturbed = await generate(sampling, 4, destroyDevice);

  expect(onWasm.stats.backend).toBe('wasm');
  expect(disturbed.ids).toEqual(onWasm.ids);
});

test('a device that computes no numbers is left for WASM in the middle of the sentence', async () => {
  await load('webgpu');
  const disturbed = await generate(WRITTEN, 5, () => client().evaluate(() => {
    const { devices, gains } = sabotage;
    for (const gain of gains) devices.at(-1)!.queue.writeBuffer(gain, 0, new Float32Array(gain.size / 4).fill(NaN));
  }));

  expect(disturbed.stats).toMatchObject({ backend: 'wasm', contextLength: 256 });
  expect(disturbed.text).toBe(undisturbed.text);
  await expect.poll(failures, { timeout: 10_000 }).toEqual([{ code: 'numeric-failure', stage: 'generation', backend: 'webgpu' }]);
});

test('a device lost between two sentences, and the weights gone from the browser, cost nothing but time', async () => {
  await load('webgpu');
  const streams = mesh.streams.length;
  await destroyDevice();
  await browser.page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('facet-blobs-1', { recursive: true }));
  const after = await generate(WRITTEN);

  expect(after.text).toBe(undisturbed.text);
  expect(after.stats.backend).toBe('webgpu');
  expect(mesh.streams.length).toBeGreaterThan(streams);
});

test('where nobody asks for a backend the faster one is taken, as measured once', async () => {
  const measured = await loadFreely();
  const again = await loadFreely();
  const { speeds } = measured.stats.choice!;
  console.log('an answer, by backend', JSON.stringify(speeds));

  expect(measured).toMatchObject({ planned: 'wasm', stats: { backend: 'wasm', choice: { backend: 'wasm', kept: false } } });
  expect(speeds.wasm.decodeMs).toBeGreaterThan(0);
  expect(speeds.wasm.decodeMs).toBeLessThan(speeds.webgpu.decodeMs);
  expect(again.stats).toMatchObject({ backend: 'wasm', choice: { kept: true, speeds } });
  const loads = () => mesh.telemetry.flatMap(({ events }) => events).filter(({ type }) => type === 'load');
  await expect.poll(loads, { timeout: 10_000 }).toMatchObject([{ backend: 'wasm', pinned: true, speeds }, { speeds }]);
});

test('a device that computes a kernel wrongly is found out while loading, and left for WASM where nobody asked for it', async () => {
  await browser.page.evaluate(() => caches.delete('facet-kernels-1'));
  await client().evaluate(() => {
    const { createShaderModule } = GPUDevice.prototype;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      return createShaderModule.call(this, { ...descriptor, code: descriptor.code.replace('exp(-g)', 'exp(g)') });
    };
  });
  // Without a rival the device is not tried against WASM, which would be faster here.
  let rivals = 0;
  mesh.faults = { refusePlan: (backend) => backend === 'wasm' && rivals++ === 0 };
  const loaded = await loadFreely();
  mesh.faults = {};
  const pinned = await load('webgpu').then(() => null, ({ message }: Error) => message);

  expect(loaded).toMatchObject({ stats: { backend: 'wasm', choice: null }, planned: 'wasm' });
  expect(pinned).toContain('This graphics device computes wrongly: silu-mul.');
  const found = { code: 'kernel-invalid', stage: 'kernels', backend: 'webgpu' };
  await expect.poll(failures, { timeout: 10_000 }).toEqual([found, found]);
});

/** The worker that the client lives in. */
function client(): Worker {
  return browser.page.workers()[0]!;
}

function destroyDevice(): Promise<void> {
  return client().evaluate(() => sabotage.devices.at(-1)!.destroy());
}

function failures() {
  const events = mesh.telemetry.flatMap(({ events: batch }) => batch).filter(({ type }) => type === 'failure');
  return events.map(({ code, stage, backend }) => ({ code, stage, backend }));
}

function load(backend: 'wasm' | 'webgpu'): Promise<void> {
  return browser.page.evaluate(async (wanted) => {
    if (globalThis.model) await model.unload();
    globalThis.model = await facet.load('docs-29m', { pin: { backend: wanted, bits: 8 } });
  }, backend);
}

/** Loads without asking for a backend. */
function loadFreely(): Promise<{ stats: ModelStats; planned: string }> {
  return browser.page.evaluate(async () => {
    if (globalThis.model) await model.unload();
    globalThis.model = await facet.load('docs-29m', { pin: { bits: 8 } });
    return { stats: model.stats(), planned: model.plan.backend };
  });
}

interface Written {
  readonly text: string;
  readonly ids: readonly number[];
  readonly generation: GenerationStats;
  readonly stats: ModelStats;
  /** Backend of the model's plan afterwards. */
  readonly planned: string;
}

/** Generates, and after so many tokens lets something happen while the next ones are being made. */
async function generate(options: GenerateOptions, after?: number, disturb?: () => Promise<void>): Promise<Written> {
  await browser.page.evaluate(() => {
    globalThis.piecesSeen = 0;
  });
  const written = browser.page.evaluate(async (wanted) => {
    const [ids, texts]: [number[], string[]] = [[], []];
    const pieces = model.generate('', { ...wanted, returnTokenIds: true });
    for (;;) {
      const { done, value } = await pieces.next();
      if (done) return { ids, text: texts.join(''), generation: value, stats: model.stats(), planned: model.plan.backend };
      ids.push(...value.ids!);
      texts.push(value.text);
      globalThis.piecesSeen++;
    }
  }, options);
  if (disturb) {
    await browser.page.waitForFunction((count) => globalThis.piecesSeen >= count, after!, { polling: 10 });
    await disturb();
  }
  return written;
}

declare global {
  var piecesSeen: number;
}
