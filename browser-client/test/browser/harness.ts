import { probe } from '../../src/capability/probe';
import { Facet, type Model } from '../../src/index';
import type { SamplingOptions } from '../../src/runtime/sampler';
import type { GpuOverrides } from '../../src/kernels/webgpu/gpu-traits';
import { WebGpuBackend } from '../../src/kernels/webgpu/webgpu-backend';
import type { Heads } from '../../src/kernels/backend';
import type { KvPrecision } from '../../src/kernels/kv-format';
import { compareCodedAttention } from '../fixtures/coded-cache';
import { checkGolden, type GoldenDeviation } from '../fixtures/golden-check';
import type { GoldenCase } from '../fixtures/golden-case';
import type { GoldenLadder } from '../fixtures/golden-ladder';
import { bertOf } from '../fixtures/bert';
import { agreementOf, type Agreement } from '../fixtures/ladder-run';
import type { KernelVariants } from '../../src/kernels/variants';
import { TRIAL_MS } from '../../src/runtime/backend-choice';
import { BackendTrial } from '../../src/runtime/backend-trial';
import { BRIEF, compareDecoders, decoderUses, compareOperations, EVEN, EVERYTHING, FULL, ODD, type Deviation } from '../fixtures/conformance';

const SHADERS = import.meta.glob<string>('../../src/kernels/webgpu/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** What a test drives in the page. */
export interface Harness {
  readonly Facet: typeof Facet;
  readonly probe: typeof probe;
  compareOperations(coverage: 'full' | 'brief', overrides?: GpuOverrides): Promise<Deviation[]>;
  compareDecoders(depth: number): Promise<Deviation[]>;
  /** A decoder of tailored kernels that were made ahead, and which of them failed their check. */
  tailored(overrides: GpuOverrides, sabotage?: boolean): Promise<{ deviation: Deviation; replaced: readonly string[] }>;
  /** How a family's model at 8 bits keeps to the reference; payloads in base64. */
  agreement(ladder: Omit<GoldenLadder, 'payloads'>, payloads: readonly string[]): Promise<Agreement>;
  /** Vectors of texts, as ids, by a text encoder in a ladder; payloads in base64. */
  embed(ladder: Omit<GoldenLadder, 'payloads'>, payloads: readonly string[], texts: readonly (readonly number[])[]): Promise<number[][]>;
  /** Attention on caches in codes, on one device after another. */
  compareCoded(cases: readonly { heads: Heads; precision: KvPrecision }[], overrides?: GpuOverrides): Promise<Deviation[]>;
  checkGolden(cases: readonly GoldenCase[]): Promise<GoldenDeviation[]>;
  argmax(values: readonly (number | null)[]): Promise<number>;
  /** So many tokens drawn from the logits of each case. */
  sample(cases: readonly { logits: readonly number[]; sampling: SamplingOptions }[], draws: number): Promise<number[][]>;
  /** What the self-test says of a device whose kernels' texts have been tampered with. */
  selfTest(tampering: readonly Tampering[], overrides?: GpuOverrides, kept?: KeptVerdicts): Promise<SelfTestResult>;
  /** Which ways to make products are fastest here, of how many. */
  fastest(overrides: GpuOverrides): Promise<{ tried: number; chosen: KernelVariants | null }>;
  lose(): Promise<unknown>;
}

/** A word of a shader that is replaced by another. */
export interface Tampering {
  readonly shader: string;
  readonly word: string;
  readonly by: string;
}

/** A store of verdicts in memory. */
export interface KeptVerdicts {
  text: string | null;
}

export interface SelfTestResult {
  readonly replaced: readonly string[];
  /** Message of the error that it ended with. */
  readonly failure: string | null;
  readonly kept: string | null;
}

function backend(overrides: GpuOverrides = {}): Promise<WebGpuBackend> {
  return WebGpuBackend.create((name) => SHADERS[`../../src/kernels/webgpu/${name}`]!, overrides);
}

let shared: Promise<WebGpuBackend> | undefined;

/** One device as it is for all that leaves it as it was: another costs a rasteriser seconds. */
function anyBackend(): Promise<WebGpuBackend> {
  return (shared ??= backend());
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const harness: Harness = {
  Facet,
  probe,
  compareOperations: async (coverage, overrides = {}) => {
    const gpu = await backend(overrides);
    return watchedOperations(gpu, overrides, () => compareOperations(gpu, undefined, coverage === 'full' ? FULL : BRIEF));
  },
  compareDecoders: async (depth) => [
    await compareDecoders(await anyBackend(), ODD, depth),
    await compareDecoders(await anyBackend(), EVEN, depth),
    await compareDecoders(await anyBackend(), EVERYTHING, depth),
  ],
  tailored: async (overrides, sabotage = false) => {
    // A wrong kernel: one that forgets the shifts.
    const spoil = (name: string, text: string) => (sabotage && name === 'matvec.wgsl' ? text.replaceAll('(centre + shift)', 'centre') : text);
    const gpu = await WebGpuBackend.create((name) => spoil(name, SHADERS[`../../src/kernels/webgpu/${name}`]!), overrides);
    await gpu.prepare(decoderUses(ODD, 2), ODD);
    return { deviation: await compareDecoders(gpu, ODD, 2), replaced: gpu.replaced };
  },
  agreement: async (ladder, payloads) => agreementOf({ ...ladder, payloads: payloads.map(bytesOf) }, () => backend()),
  embed: async (ladder, payloads, texts) => {
    const embedder = await bertOf({ ...ladder, payloads: payloads.map(bytesOf) }, await anyBackend());
    const vectors: number[][] = [];
    for (const ids of texts) vectors.push([...(await embedder.embed(ids))]);
    return vectors;
  },
  compareCoded: async (cases, overrides) => {
    const deviations: Deviation[] = [];
    for (const { heads, precision } of cases) {
      const gpu = await backend(overrides);
      deviations.push(await compareCodedAttention(gpu, heads, precision));
      gpu.destroy();
    }
    return deviations;
  },
  checkGolden: async (cases) => checkGolden(await anyBackend(), cases),
  argmax: async (values) => {
    const gpu = await anyBackend();
    const logits = gpu.upload('logits', Float32Array.from(values, (value) => value ?? NaN), 1);
    return gpu.likeliest(logits, values.length);
  },
  sample: async (cases, draws) => {
    const gpu = await backend();
    const drawn: number[][] = [];
    for (const { logits, sampling } of cases) {
      const floats = gpu.upload('logits', Float32Array.from(logits), 1);
      const tokens: number[] = [];
      for (let position = 0; position < draws; position++) {
        gpu.begin([0], position);
        tokens.push(await gpu.sample(floats, logits.length, { ...sampling, origin: 1 }));
      }
      drawn.push(tokens);
    }
    gpu.destroy();
    return drawn;
  },
  selfTest: async (tampering, overrides = {}, kept = { text: null }) => {
    const text = (name: string) => {
      const own = tampering.filter(({ shader }) => shader === name);
      return own.reduce((whole, { word, by }) => whole.replaceAll(word, by), SHADERS[`../../src/kernels/webgpu/${name}`]!);
    };
    const store = {
      read: async () => kept.text,
      write: async (written: string) => {
        kept.text = written;
      },
    };
    const gpu = await WebGpuBackend.create(text, overrides, () => store);
    const failure = await gpu.prepare(decoderUses(ODD, 2).slice(0, 1), EVEN).then(() => null, ({ message }: Error) => message);
    const { replaced } = gpu;
    gpu.destroy();
    return { replaced, failure, kept: kept.text };
  },
  fastest: async (overrides) => {
    const gpu = await backend(overrides);
    const clock = { now: () => performance.now(), after: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) };
    const trial = new BackendTrial(gpu, { rows: 64, cols: 64, depth: 4, times: 1 }, clock);
    await trial.warmUp();
    const measured = await trial.measure(clock.now() + TRIAL_MS);
    const { matvec, matmul } = gpu.variants;
    gpu.destroy();
    return { tried: matvec.length * matmul.length, chosen: measured?.variants ?? null };
  },
  lose: async () => {
    const gpu = await backend();
    const logits = gpu.upload('logits', Float32Array.of(1, 2, 3), 1);
    gpu.destroy();
    return gpu.likeliest(logits, 3).catch((error: { code?: string; remedy?: string }) => ({ code: error.code, remedy: error.remedy }));
  },
};

/** Notes as a deviation what goes beyond what the overrides allow: a tensor's binding, an optional feature in a shader. */
async function watchedOperations(
  gpu: WebGpuBackend, { largestBinding = Infinity, defaultsOnly = false }: GpuOverrides, run: () => Promise<Deviation[]>,
): Promise<Deviation[]> {
  const { createBindGroup, createShaderModule } = GPUDevice.prototype;
  const beyond: Deviation[] = [];
  const note = (operation: string, error: number) => beyond.push({ operation, error, tolerance: 0 });
  GPUDevice.prototype.createBindGroup = function (descriptor) {
    for (const { resource } of descriptor.entries) {
      const { buffer } = resource as GPUBufferBinding;
      if (/\.(codes|scaleBytes|rowScales)/.test(buffer.label) && buffer.size > largestBinding) note(`binding of ${buffer.label}`, buffer.size);
    }
    return createBindGroup.call(this, descriptor);
  };
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    if (defaultsOnly && /^enable |dot4I8Packed|subgroup[A-Z]/m.test(descriptor.code)) note(`shader ${descriptor.label}`, 1);
    return createShaderModule.call(this, descriptor);
  };
  try {
    return [...(await run()), ...beyond];
  } finally {
    gpu.destroy();
    Object.assign(GPUDevice.prototype, { createBindGroup, createShaderModule });
  }
}

declare global {
  var harness: Harness;
  var facet: Facet;
  var model: Model;
}
globalThis.harness = harness;
