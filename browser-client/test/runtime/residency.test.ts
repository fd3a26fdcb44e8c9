import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadProgress } from '../../src/progress';
import { BundleSource } from '../../src/runtime/bundle-source';
import { ModelLoader } from '../../src/runtime/model-loader';
import type { RunningModel } from '../../src/runtime/running-model';
import { ServiceClient } from '../../src/transport/service-client';
import { cutOf, digest, docsBundles, type TestBundle } from '../fixtures/bundle';
import { MemoryCache } from '../fixtures/memory-cache';
import { TestMesh } from '../fixtures/mesh';
import { REFERENCE } from '../fixtures/samples';

const TOKENS = 24;
const MIB = 2 ** 20;
const { ids } = REFERENCE.cases[0]!;

let four: TestBundle;
let three: TestBundle;
let wrong: TestBundle;
let mesh: TestMesh;
let service: ServiceClient;
const cache = new MemoryCache();

beforeAll(async () => {
  four = docsBundles(['wasm'], 4, 4)[0]!;
  three = cutOf(four, 3);
  wrong = scrambled();
  mesh = new TestMesh([four, three, wrong]);
  service = new ServiceClient(await mesh.start());
}, 120_000);

afterAll(() => mesh.stop());

describe('a model whose memory is limited', () => {
  let model: RunningModel;
  let whole: number[];

  beforeAll(async () => {
    model = await load();
    await model.complete;
    whole = await write(model);
  }, 60_000);

  test('gives back the planes that are missed least, without the network, and gets them again', async () => {
    const { least, planned } = model.residency.needs;
    const middle = (least + planned) / 2;
    const received = mesh.payloadBytes;
    await model.residency.fit(middle);
    const shed = model.stats();
    expect(shed.memory.totalBytes).toBeLessThanOrEqual(middle);
    expect(shed.memory.totalBytes, 'no more than has to go').toBeGreaterThan(middle - MIB);
    expect(shed.bitsPresent).toBeLessThan(shed.bitsPlanned);
    expect(shed.bitsPresent).toBeGreaterThan(2.5);

    await model.residency.fit(planned);
    expect(model.stats()).toMatchObject({ bitsPresent: shed.bitsPlanned, memory: { totalBytes: planned } });
    expect(await write(model)).toEqual(whole);
    expect(mesh.payloadBytes, 'bytes over the network').toBe(received);
  });

  test('goes on with a sentence that is being written', async () => {
    const { least, planned } = model.residency.needs;
    let shed: Promise<void> | undefined;
    let depth = 0;
    const written = await write(model, (count) => {
      if (count === 8) shed = model.residency.fit(least);
      if (count === TOKENS) depth = model.stats().bitsPresent;
    });
    await shed;

    expect(written).toHaveLength(TOKENS);
    expect(written.slice(0, 8), 'what is written stays').toEqual(whole.slice(0, 8));
    expect(depth, 'before the sentence ended').toBeLessThan(2.5);
    await model.residency.fit(planned);
  });

  test('is left as it is where not even its base planes would fit', async () => {
    const { least } = model.residency.needs;
    const before = model.stats();

    await expect(model.residency.fit(least - 1)).rejects.toMatchObject({ code: 'nothing-fits' });
    expect(model.stats()).toEqual(before);
  });

  test('comes with fewer planes where less is granted before anything is downloaded', async () => {
    let asked = 0;
    const small = await load({ admit: async ({ least, planned }) => (asked = (least + planned) / 2) });
    await small.complete;

    expect(small.stats().memory.weightBytes).toBeLessThanOrEqual(asked);
    expect(small.stats().bitsPresent).toBeLessThan(model.stats().bitsPresent);
  });

  test('comes again from the browser with fewer planes when its device is gone and there is no network', async () => {
    const lost = await load();
    await lost.complete;
    const received = mesh.payloadBytes;
    lost.destroy();
    await lost.residency.restore();

    expect(await write(lost)).toHaveLength(TOKENS);
    expect(lost.stats().bitsPresent).toBeLessThan(lost.stats().bitsPlanned);
    expect(mesh.payloadBytes).toBe(received);
  });
});

describe('a component is exchanged', () => {
  test('for another precision, of which only the missing planes are fetched', async () => {
    const own = new MemoryCache();
    const model = await load({ cache: own }, three);
    await model.complete;
    const received = mesh.payloadBytes;
    await model.residency.swap('text-decoder', await source(four, own), Infinity, new AbortController().signal);
    const whole = await load();
    await whole.complete;

    expect(mesh.payloadBytes - received).toBe(four.manifest.bytes - three.manifest.bytes);
    expect(model.plan.point.id).toBe('test-4');
    expect(await write(model)).toEqual(await write(whole));
  });

  test('in the middle of a sentence', async () => {
    const model = await load({}, three);
    await model.complete;
    const before = await write(model);
    let swapped: Promise<void> | undefined;
    const other = await source(four, cache);
    const written = await write(model, (count) => {
      if (count === 8) swapped = model.residency.swap('text-decoder', other, Infinity, new AbortController().signal);
    });
    await swapped;

    expect(written.slice(0, 8)).toEqual(before.slice(0, 8));
    expect(written).toHaveLength(TOKENS);
  });

  test('never for one that computes something else, that does not fit or does not arrive', async () => {
    const model = await load();
    await model.complete;
    const before = { tokens: await write(model), stats: model.stats() };
    const refused: [BundleSource, number, string][] = [
      [await source(wrong, null), Infinity, 'component-invalid'],
      [await source(three, cache), 1000, 'nothing-fits'],
    ];
    for (const [other, room, code] of refused) {
      await expect(model.residency.swap('text-decoder', other, room, new AbortController().signal)).rejects.toMatchObject({ code });
    }
    const stop = AbortSignal.abort();
    await expect(model.residency.swap('text-decoder', await source(three, null), Infinity, stop)).rejects.toMatchObject({ name: 'AbortError' });
    const foreign = await source(three, cache);
    expect(() => model.residency.swap('vision-encoder', foreign, Infinity, stop)).toThrow(/no component vision-encoder/);

    expect(model.stats()).toEqual({ ...before.stats });
    expect(await write(model)).toEqual(before.tokens);
  });
});

test('a model whose line is gone after the base planes writes, and is refined when the line is back', async () => {
  const bytes = three.manifest.frames.filter(({ stage }) => stage !== 'refinement').reduce((sum, frame) => sum + 40 + frame.bytes, 0);
  let down = true;
  const first = mesh.streams.length;
  mesh.faults = { cutStream: (stream) => (stream === first ? bytes : null), refuseStream: (stream) => (stream > first && down ? 503 : null) };
  const progress: LoadProgress[] = [];
  const model = await load({ cache: null, onProgress: (snapshot) => progress.push(snapshot) }, three);

  expect(await write(model), 'without a line').toHaveLength(TOKENS);
  expect(model.stats().bitsPresent).toBeLessThan(2.2);
  down = false;
  const during = await write(model);
  await model.complete;

  expect(during).toHaveLength(TOKENS);
  expect(model.stats()).toMatchObject({ bitsPresent: model.stats().bitsPlanned });
  expect(progress.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]).slice(-3)).toEqual(['downloading', 'usable', 'ready']);
  mesh.faults = {};
  const whole = await load({ cache: null }, three);
  await whole.complete;
  expect(await write(model), 'the planes came late, the model is the same').toEqual(await write(whole));
});

test('loading is held up, goes on, and is ended where it is', async () => {
  const frames = four.manifest.frames.length;
  let seen = 0;
  const model = await load({ cache: null, onProgress: ({ framesDone }) => void (seen = framesDone) });
  model.pause(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const held = seen;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(model.stats().paused).toBe(true);
  expect(seen, 'one frame may be under way').toBeLessThanOrEqual(held + 1);
  expect(await write(model)).toHaveLength(TOKENS);
  model.pause(false);
  await model.complete;
  expect(seen).toBe(frames);

  const ended = await load({ cache: null });
  ended.pause(true);
  ended.cancel();
  await expect(ended.complete).rejects.toMatchObject({ code: 'aborted' });
  expect(ended.stats().bitsPresent).toBeLessThan(ended.stats().bitsPlanned);
  expect(await write(ended)).toHaveLength(TOKENS);
});

/** The model with the codes of its embedding backwards: every byte of it is what its manifest announces. */
function scrambled(): TestBundle {
  const { manifest, plan, blobs, kernels } = four;
  const index = manifest.frames.findIndex(({ group, depth }) => group === 'embedding' && depth === 2);
  const { rows, cols } = manifest.tensors.find(({ group }) => group === 'embedding')!;
  const payload = Uint8Array.from(blobs.get(manifest.frames[index]!.sha256)!);
  payload.subarray(payload.length - (rows * cols) / 4).reverse();
  const frame = { ...manifest.frames[index]!, sha256: digest(payload) };
  const id = manifest.id.replace('test-4', 'test-9');
  return {
    manifest: { ...manifest, id, frames: manifest.frames.with(index, frame) },
    plan: { ...plan, bundle: id }, blobs: new Map([...blobs, [frame.sha256, payload]]), kernels,
  };
}

type Options = ConstructorParameters<typeof ModelLoader>[3];

function load(options: Partial<Options> = {}, bundle = four): Promise<RunningModel> {
  const { signal } = new AbortController();
  return new ModelLoader(service, bundle.plan, performance.now(), { manifestKeys: null, cache, signal, onProgress: () => undefined, ...options }).load();
}

async function source({ plan }: TestBundle, kept: MemoryCache | null): Promise<BundleSource> {
  const { signal } = new AbortController();
  const bundle = await BundleSource.open(service, plan, { manifestKeys: null, cache: kept, signal });
  await bundle.fetchKernels(signal);
  return bundle;
}

async function write(model: RunningModel, onToken: (count: number) => void = () => undefined): Promise<number[]> {
  const tokens: number[] = [];
  const settings = { ids, maxTokens: TOKENS, greedy: true, ignoreEos: true };
  await model.generate('', settings, new AbortController().signal, (_, added) => {
    tokens.push(...added);
    onToken(tokens.length);
  });
  return tokens;
}
