import { expect, test } from 'vitest';
import type { KernelBackend } from '../../src/kernels/backend';
import { USUAL_VARIANTS, type KernelVariants } from '../../src/kernels/variants';
import { chooseBackend, measureBoth, TRIAL_MS } from '../../src/runtime/backend-choice';
import { BackendTrial, trialOf, type Clock, type TrialTask } from '../../src/runtime/backend-trial';
import type { BundleManifest, TensorEntry } from '../../src/transport/wire';

/** Time passes when somebody works, and when all wait for what comes next. */
class FakeClock implements Clock {
  time = 1000;
  readonly #coming: { readonly at: number; readonly resolve: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number): Promise<void> {
    const next = () => {
      const { at, resolve } = this.#coming.shift()!;
      this.time = Math.max(this.time, at);
      resolve();
    };
    return new Promise((resolve) => {
      this.#coming.push({ at: this.time + ms, resolve });
      this.#coming.sort((a, b) => a.at - b.at);
      setTimeout(next, 0);
    });
  }
}

interface Costs {
  /** Of a step that does nothing. */
  readonly idle: number;
  /** Of a product of one row. */
  readonly product: number;
  /** Of each row of a product of many. */
  readonly row: number;
  /** How many times as long the ways to make products take that are not the usual one. */
  readonly ways?: { readonly narrow: number; readonly float: number; readonly small: number };
}

/** A processor, or a device beside it, that takes a given time. */
function device(clock: FakeClock, { idle, product, row, ways }: Costs, beside: boolean): KernelBackend {
  const maxStep = beside ? 128 : 32;
  let [rows, work] = [0, 0];
  let used = USUAL_VARIANTS;
  const factor = ({ matvec, matmul }: KernelVariants) => ways?.[(rows === 1 ? matvec : matmul) as keyof typeof ways] ?? 1;
  const fake: Partial<KernelBackend> = {
    maxStep,
    matrix: (shape) => ({ shape, depth: shape.depth }),
    merge: () => undefined,
    upload: () => ({ length: 1 }),
    activations: () => ({ length: 1 }),
    begin: (tokens) => void ([rows, work] = [tokens.length, idle]),
    multiply: () => void (work += factor(used) * (rows === 1 ? product : rows * row)),
    end: () => undefined,
    ...(ways ? { variants: { matvec: ['packed', 'narrow', 'float'], matmul: ['large', 'small'], use: (now) => void (used = now) } } : {}),
    likeliest: () => {
      if (work === Infinity) return new Promise(() => undefined);
      if (beside) return clock.after(work).then(() => 0);
      clock.time += work;
      return Promise.resolve(0);
    },
  };
  return fake as KernelBackend;
}

const TASK: TrialTask = { rows: 64, cols: 64, depth: 4, times: 40 };
const FAST_CPU: Costs = { idle: 0, product: 0.1, row: 0.05 };

async function compare(wasm: Costs, webgpu: Costs) {
  const clock = new FakeClock();
  const trial = (costs: Costs, beside: boolean) => new BackendTrial(device(clock, costs, beside), TASK, clock);
  const findings = await measureBoth({ wasm: trial(wasm, false), webgpu: trial(webgpu, true) }, clock);
  return { ...findings, took: clock.time - 1000, backend: chooseBackend(findings, false).backend };
}

test('speeds are those of all of a model\'s products, a round trip shared by the tokens that are run ahead', async () => {
  const { speeds } = await compare(FAST_CPU, { idle: 4, product: 0.05, row: 0.001 });

  expect(speeds.wasm.decodeMs).toBeCloseTo(0.1 * 40, 6);
  expect(speeds.wasm.prefillMs).toBeCloseTo(0.05 * 40, 6);
  expect(speeds.webgpu.decodeMs).toBeCloseTo(0.05 * 40 + 4 / 16, 6);
  expect(speeds.webgpu.prefillMs).toBeCloseTo(0.001 * 40, 6);
});

test.each([
  ['a GPU', { idle: 1, product: 0.02, row: 0.002 }, 'webgpu'],
  ['a GPU that writes as fast and reads faster', { idle: 0, product: 0.1, row: 0.001 }, 'webgpu'],
  ['one that is slower by less than the margin', { idle: 0, product: 0.12, row: 0.05 }, 'webgpu'],
  ['a browser that takes long to tell of results', { idle: 100, product: 0.05, row: 0.05 }, 'wasm'],
  ['a rasteriser', { idle: 2, product: 6, row: 5 }, 'wasm'],
  ['a rasteriser that reads fast but writes slowly', { idle: 2, product: 6, row: 0.001 }, 'wasm'],
] as const)('beside a fast processor, %s', async (_, costs, expected) => {
  expect((await compare(FAST_CPU, costs)).backend).toBe(expected);
});

test.each([
  ['both are fast', FAST_CPU, { idle: 1, product: 0.02, row: 0.002 }],
  ['the processor is slow', { idle: 0, product: 20, row: 20 }, { idle: 1, product: 0.02, row: 0.002 }],
  ['both are slow', { idle: 0, product: 20, row: 20 }, { idle: 5, product: 40, row: 30 }],
  ['a product never ends', FAST_CPU, { idle: 1, product: Infinity, row: Infinity }],
  ['nothing ever ends', FAST_CPU, { idle: Infinity, product: 1, row: 1 }],
  ['other ways are slow', FAST_CPU, { idle: 1, product: 1, row: 0.1, ways: { narrow: 90, float: 90, small: 90 } }],
] as const)('trials take no longer than they may where %s', async (_, wasm, webgpu) => {
  const { took, speeds } = await compare(wasm, webgpu);

  expect(took).toBeLessThanOrEqual(TRIAL_MS);
  expect(Object.values(speeds).every(({ decodeMs, prefillMs }) => Number.isFinite(decodeMs) && Number.isFinite(prefillMs))).toBe(true);
});

const GPU: Costs = { idle: 1, product: 0.2, row: 0.01 };

test.each([
  ['none is clearly faster', { narrow: 0.93, float: 1.2, small: 1 }, USUAL_VARIANTS],
  ['packed products are many instructions', { narrow: 0.8, float: 0.5, small: 3 }, { matvec: 'float', matmul: 'large' }],
  ['large workgroups do not fit', { narrow: 0.4, float: 0.5, small: 0.3 }, { matvec: 'narrow', matmul: 'small' }],
  ['what is slow at first never ends', { narrow: Infinity, float: 0.5, small: 0.5 }, USUAL_VARIANTS],
] as const)('the fastest ways to make products are found where %s', async (_, ways, expected) => {
  const { variants, speeds, took } = await compare(FAST_CPU, { ...GPU, ways });

  expect(variants).toEqual(expected);
  expect(took).toBeLessThanOrEqual(TRIAL_MS);
  const factor = expected.matvec === 'packed' ? 1 : ways[expected.matvec];
  expect(speeds.webgpu.decodeMs).toBeCloseTo(GPU.product * factor * 40 + GPU.idle / 16, 6);
});

test('where there is one way there is nothing to choose', async () => {
  expect((await compare(FAST_CPU, GPU)).variants).toBeNull();
});

test('a GPU that never answers is left for WebAssembly', async () => {
  expect((await compare({ idle: 0, product: 20, row: 20 }, { idle: 1, product: Infinity, row: Infinity })).backend).toBe('webgpu');
  expect((await compare(FAST_CPU, { idle: 1, product: Infinity, row: Infinity })).backend).toBe('wasm');
});

test('a trial is like the model\'s widest product, in part where that is large', () => {
  const tensor = (name: string, rows: number, cols: number) => ({ name, rows, cols, encoding: 'embedded', bits: 4 }) as TensorEntry;
  const tensors = [
    tensor('model.embed_tokens.weight', 8192, 512), tensor('model.layers.0.self_attn.q_proj.weight', 512, 512),
    tensor('model.layers.0.mlp.gate_proj.weight', 1536, 512), { ...tensor('model.norm.weight', 1, 512), encoding: 'f32' },
  ];
  const of = (tiedEmbeddings: boolean) => ({ tensors, config: { tiedEmbeddings } }) as unknown as BundleManifest;

  expect(trialOf(of(true), 2 ** 24)).toEqual({ rows: 1536, cols: 512, depth: 4, times: (8192 + 512 + 1536) / 1536 });
  expect(trialOf(of(true), 2 ** 18)).toEqual({ rows: 512, cols: 512, depth: 4, times: (8192 + 512 + 1536) / 512 });
  expect(trialOf(of(false), 2 ** 24), 'an embedding is no product').toMatchObject({ times: (512 + 1536) / 1536 });
});
