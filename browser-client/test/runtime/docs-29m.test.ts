import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadProgress } from '../../src/progress';
import { ModelLoader } from '../../src/runtime/model-loader';
import { RunningModel } from '../../src/runtime/running-model';
import { ServiceClient } from '../../src/transport/service-client';
import { docsBundles, type TestBundle } from '../fixtures/bundle';
import { TestMesh } from '../fixtures/mesh';
import { REFERENCE } from '../fixtures/samples';

let bundle: TestBundle;
let mesh: TestMesh;
let service: ServiceClient;

beforeAll(async () => {
  bundle = docsBundles(['wasm'], 8)[0]!;
  mesh = new TestMesh([bundle]);
  service = new ServiceClient(await mesh.start());
}, 120_000);

afterAll(() => mesh.stop());

describe('docs-29m at 8 bits on WASM', () => {
  let model: RunningModel;
  const progress: LoadProgress[] = [];

  beforeAll(async () => {
    model = await load((snapshot) => progress.push(snapshot));
    await model.complete;
  }, 60_000);

  test('greedy tokens are those of transformers on at least four of five prompts', async () => {
    const right = [];
    for (const { ids, greedy } of REFERENCE.cases) {
      const tokens = await generate(model, '', { ids, maxTokens: greedy.length, greedy: true, ignoreEos: true });
      right.push(tokens.join() === greedy.join());
    }
    expect(right.filter(Boolean).length).toBeGreaterThanOrEqual(4);
  }, 60_000);

  test('a prompt as text gives the same tokens as its ids', async () => {
    const { prompt, ids } = REFERENCE.cases[0]!;
    const settings = { maxTokens: 8, greedy: true, ignoreEos: true };

    expect(await generate(model, prompt, settings)).toEqual(await generate(model, '', { ...settings, ids }));
  });

  test('sampling with one seed repeats itself, with another it does not', async () => {
    const { prompt } = REFERENCE.cases[1]!;
    const sampled = (seed: number) => generate(model, prompt, { maxTokens: 24, seed, temperature: 1.2 });

    expect(await sampled(1)).toEqual(await sampled(1));
    expect(await sampled(1)).not.toEqual(await sampled(2));
  });

  test('a prompt longer than a step is taken in chunks', async () => {
    const ids = REFERENCE.cases.flatMap((each) => [...each.ids, ...each.greedy]).slice(0, 150);
    const last = await generate(model, '', { ids, maxTokens: 1, greedy: true, ignoreEos: true });
    const oneByOne = await lastTokenOneByOne(ids);

    expect(last).toEqual(oneByOne);
  }, 60_000);

  test('generation ends at the context and refuses a prompt beyond it', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => i + 2);
    const signal = new AbortController().signal;
    const stats = await model.generate('', { ids, maxTokens: 100, ignoreEos: true, greedy: true }, signal, () => undefined);

    expect(stats).toMatchObject({ finish: 'context-full', tokens: 7 });
    const tooLong = Array.from({ length: 256 }, () => 5);
    await expect(generate(model, '', { ids: tooLong })).rejects.toMatchObject({ code: 'context-exceeded' });
  }, 60_000);

  test('aborting ends the generation between two tokens', async () => {
    const stop = new AbortController();
    let pieces = 0;
    const stats = await model.generate('The', { ignoreEos: true, maxTokens: 200 }, stop.signal, () => {
      if (++pieces === 3) stop.abort();
    });

    expect(stats).toMatchObject({ finish: 'aborted', tokens: 3 });
  });

  test('a second generation at the same time is refused', async () => {
    const first = generate(model, 'The', { maxTokens: 5, ignoreEos: true });

    await expect(generate(model, 'The', {})).rejects.toMatchObject({ code: 'busy' });
    expect(await first).toHaveLength(5);
  });

  test.each([
    [{ maxTokens: -1 }, 'maxTokens'], [{ temperature: NaN }, 'temperature'], [{ topP: 0 }, 'topP'],
    [{ topK: 1.5 }, 'topK'], [{ ids: [8192] }, 'ids'], [{ ids: [] }, 'ids'],
  ])('bad setting %j is refused by name', async (settings, name) => {
    const refusal = generate(model, 'x', settings);

    await expect(refusal).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(name) });
  });

  test('progress fills group by group and ends complete', () => {
    const last = progress[progress.length - 1]!;

    expect(progress.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['manifest', 'kernels', 'downloading', 'usable', 'ready']));
    expect(last).toMatchObject({ phase: 'ready', bytesDone: last.bytesTotal, framesDone: last.framesTotal, bitsPresent: 8 });
    expect(last.groups.every(({ phase }) => phase === 'complete')).toBe(true);
    expect(last.groups.map(({ group }) => group).slice(0, 4)).toEqual(['dense', 'embedding', 'layers.0.qk', 'layers.0.v']);
    const usable = progress.find(({ phase }) => phase === 'usable')!;
    expect(usable.groups.find(({ group }) => group === 'layers.7.down')).toMatchObject({ depthPresent: 2, depthPlanned: 8 });
  });

  test('memory holds the weights once', () => {
    const { memory } = model.stats();
    const packed = 29_360_128 * (1 + 1 / 32);

    expect(memory.weightBytes).toBeLessThan(packed * 1.02);
    expect(memory.workBytes).toBeLessThan(8 * 2 ** 20);
  });
});

async function load(onProgress: (progress: LoadProgress) => void): Promise<RunningModel> {
  const { signal } = new AbortController();
  const options = { manifestKeys: null, cache: null, signal, onProgress };
  return new ModelLoader(service, bundle.plan, performance.now(), options).load();
}

async function generate(model: RunningModel, prompt: string, settings: Parameters<RunningModel['generate']>[1]) {
  const tokens: number[] = [];
  await model.generate(prompt, settings, new AbortController().signal, (_, ids) => tokens.push(...ids));
  return tokens;
}

/** The next token by a fresh model that sees the prompt one token at a time. */
async function lastTokenOneByOne(ids: readonly number[]): Promise<number[]> {
  const fresh = await load(() => undefined);
  await fresh.complete;
  const { decoder } = fresh;
  ids.forEach((id, position) => decoder.step([id], position, position === ids.length - 1));
  return [await decoder.likeliest()];
}
