import { probe } from '../../src/capability/probe';
import { Facet, type Model } from '../../src/index';
import type { GpuOverrides } from '../../src/kernels/webgpu/gpu-traits';
import { WebGpuBackend } from '../../src/kernels/webgpu/webgpu-backend';
import { checkGolden, type GoldenDeviation } from '../fixtures/golden-check';
import type { GoldenCase } from '../fixtures/golden-case';
import type { GoldenLadder } from '../fixtures/golden-ladder';
import { agreementOf, type Agreement } from '../fixtures/ladder-run';
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
  checkGolden(cases: readonly GoldenCase[]): Promise<GoldenDeviation[]>;
  argmax(values: readonly (number | null)[]): Promise<number>;
  lose(): Promise<unknown>;
}

function backend(overrides: GpuOverrides = {}): Promise<WebGpuBackend> {
  return WebGpuBackend.create((name) => SHADERS[`../../src/kernels/webgpu/${name}`]!, overrides);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const harness: Harness = {
  Facet,
  probe,
  compareOperations: async (coverage, overrides) => compareOperations(await backend(overrides), undefined, coverage === 'full' ? FULL : BRIEF),
  compareDecoders: async (depth) => [
    await compareDecoders(await backend(), ODD, depth),
    await compareDecoders(await backend(), EVEN, depth),
    await compareDecoders(await backend(), EVERYTHING, depth),
  ],
  tailored: async (overrides, sabotage = false) => {
    // A wrong kernel: one that forgets the shifts.
    const spoil = (name: string, text: string) => (sabotage && name === 'matvec.wgsl' ? text.replaceAll('(centre + shift)', 'centre') : text);
    const gpu = await WebGpuBackend.create((name) => spoil(name, SHADERS[`../../src/kernels/webgpu/${name}`]!), overrides);
    await gpu.prepare(decoderUses(ODD, 2), ODD);
    return { deviation: await compareDecoders(gpu, ODD, 2), replaced: gpu.replaced };
  },
  agreement: async (ladder, payloads) => agreementOf({ ...ladder, payloads: payloads.map(bytesOf) }, () => backend()),
  checkGolden: async (cases) => checkGolden(await backend(), cases),
  argmax: async (values) => {
    const gpu = await backend();
    const logits = gpu.upload('logits', Float32Array.from(values, (value) => value ?? NaN), 1);
    return gpu.likeliest(logits, values.length);
  },
  lose: async () => {
    const gpu = await backend();
    const logits = gpu.upload('logits', Float32Array.of(1, 2, 3), 1);
    gpu.destroy();
    return gpu.likeliest(logits, 3).catch((error: { code?: string; remedy?: string }) => ({ code: error.code, remedy: error.remedy }));
  },
};

declare global {
  var harness: Harness;
  var facet: Facet;
  var model: Model;
}
globalThis.harness = harness;
