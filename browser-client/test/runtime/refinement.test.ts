import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadProgress } from '../../src/progress';
import { ModelLoader } from '../../src/runtime/model-loader';
import type { RunningModel } from '../../src/runtime/running-model';
import { ServiceClient } from '../../src/transport/service-client';
import { docsBundles, type TestBundle } from '../fixtures/bundle';
import { TestMesh } from '../fixtures/mesh';
import { REFERENCE } from '../fixtures/samples';

const TOKENS = 24;
const { ids } = REFERENCE.cases[0]!;

let bundle: TestBundle;
let mesh: TestMesh;
let service: ServiceClient;

beforeAll(async () => {
  bundle = docsBundles(['wasm'], 3, 4)[0]!;
  mesh = new TestMesh([bundle]);
  service = new ServiceClient(await mesh.start());
}, 120_000);

afterAll(() => mesh.stop());

test('a model whose line is gone after the base planes writes, and is refined when the line is back', async () => {
  const bytes = bundle.manifest.frames.filter(({ stage }) => stage !== 'refinement').reduce((sum, frame) => sum + 40 + frame.bytes, 0);
  let down = true;
  mesh.faults = { cutStream: (stream) => (stream === 0 ? bytes : null), refuseStream: (stream) => (stream > 0 && down ? 503 : null) };
  const progress: LoadProgress[] = [];
  const model = await load((snapshot) => progress.push(snapshot));

  expect(await write(model), 'without a line').toHaveLength(TOKENS);
  expect(model.stats().bitsPresent).toBeLessThan(2.2);
  down = false;
  const during = await write(model);
  await model.complete;

  expect(during).toHaveLength(TOKENS);
  expect(model.stats()).toMatchObject({ bitsPresent: model.stats().bitsPlanned });
  expect(progress.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]).slice(-3)).toEqual(['downloading', 'usable', 'ready']);
  mesh.faults = {};
  const whole = await load(() => undefined);
  await whole.complete;
  expect(await write(model), 'the planes came late, the model is the same').toEqual(await write(whole));
}, 60_000);

function load(onProgress: (progress: LoadProgress) => void): Promise<RunningModel> {
  const { signal } = new AbortController();
  return new ModelLoader(service, bundle.plan, performance.now(), { manifestKeys: null, cache: null, signal, onProgress }).load();
}

async function write(model: RunningModel): Promise<number[]> {
  const tokens: number[] = [];
  const settings = { ids, maxTokens: TOKENS, greedy: true, ignoreEos: true };
  await model.generate('', settings, new AbortController().signal, (_, added) => tokens.push(...added));
  return tokens;
}
