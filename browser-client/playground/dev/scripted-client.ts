import {
  FacetError,
  type CapabilityReport,
  type ConnectOptions,
  type Facet,
  type GenerateOptions,
  type GenerationStats,
  type GroupProgress,
  type LoadOptions,
  type LoadProgress,
  type Model,
  type Piece,
  type Plan,
} from '../../src';
import { framesOf, type MockFrame } from './documents.mjs';

/**
 * Stands in for the client library while the pages are developed: it follows the mock mesh's documents and streams,
 * but runs no model. It is not part of the pages' build.
 */
export async function connect(_options: ConnectOptions): Promise<Facet> {
  const registration = await post<{ profile: string; deviceClass: string; description: string }>('/v1/profiles', REPORT);
  const { profile: id, deviceClass, description } = registration;
  const facet = { report: REPORT, profile: { id, deviceClass, description }, load, close: () => undefined };
  return facet as unknown as Facet;
}

const REPORT: CapabilityReport = {
  schema: 'facet-report/1',
  engine: { family: 'chromium', mobile: false },
  webgpu: {
    vendor: 'google',
    architecture: 'swiftshader',
    fallbackAdapter: true,
    features: ['subgroups'],
    wgslFeatures: ['packed_4x8_integer_dot_product'],
    limits: {
      maxBufferSize: 1_073_741_824,
      maxStorageBufferBindingSize: 1_073_741_824,
      maxComputeWorkgroupStorageSize: 16_384,
      maxComputeInvocationsPerWorkgroup: 256,
      maxStorageBuffersPerShaderStage: 10,
    },
    subgroupSize: 4,
  },
  wasm: { simd: true, relaxedSimd: true, threads: true, memory64: true, threadsReason: null },
  webnn: { available: false },
  crossOriginIsolated: globalThis.crossOriginIsolated,
  memory: { deviceMemoryGiB: 8, storageQuotaBytes: 1e10, storagePersisted: false },
  cpu: { cores: 8 },
  codedCaches: ['wasm', 'webgpu'],
  connection: { downlinkMbps: 10, saveData: false },
  probeMs: 41.2,
};

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).catch(() => {
    throw new FacetError('network', `${path} cannot be reached.`);
  });
  const document = await response.json();
  if (response.ok) return document as T;
  const fits = document.type === 'https://facet.dev/problems/nothing-fits';
  throw new FacetError(fits ? 'nothing-fits' : 'service-problem', document.detail, { problem: document });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

async function load(model: string, { pin, onProgress, signal }: LoadOptions = {}): Promise<Model> {
  const plan = await post<Plan>('/v1/plans', { model, pin });
  const response = await fetch(`/v1/streams/${encodeURIComponent(plan.bundle)}`, signal ? { signal } : {});
  const started = performance.now();
  const groups = new Map<string, Mutable<GroupProgress>>(plannedGroups(plan));
  let done = 0;
  let frames = 0;
  for await (const frame of lines<MockFrame>(response)) {
    signal?.throwIfAborted();
    done += frame.bytes;
    frames++;
    const group = groups.get(frame.group ?? '');
    if (group) {
      group.bytesDone += frame.bytes;
      group.depthPresent = frame.stage === 'dense' ? 32 : frame.depth;
      group.phase = group.bytesDone >= group.bytesTotal ? 'complete' : 'partial';
      if (frame.stage !== 'tokenizer') group.stage = frame.stage;
    }
    onProgress?.(snapshot(plan, [...groups.values()], done, frames, started));
  }
  onProgress?.({ ...snapshot(plan, [...groups.values()], done, frames, started), phase: 'ready' });
  return scriptedModel(model, plan);
}

function snapshot(plan: Plan, groups: readonly GroupProgress[], done: number, frames: number, started: number): LoadProgress {
  const elapsedMs = performance.now() - started;
  const quantized = groups.filter((group) => group.group !== 'dense');
  const weights = quantized.reduce((sum, group) => sum + group.weights, 0);
  const mean = (depth: (group: GroupProgress) => number) => quantized.reduce((sum, group) => sum + group.weights * depth(group), 0) / weights;
  return {
    model: plan.model,
    phase: 'downloading',
    bytesDone: done,
    bytesTotal: plan.point.bytes,
    framesDone: frames,
    framesTotal: frames,
    cacheHits: 0,
    bytesPerSecond: (1000 * done) / Math.max(1, elapsedMs),
    bitsPresent: mean((group) => group.depthPresent),
    bitsPlanned: mean((group) => group.depthPlanned),
    groups: groups.map((group) => ({ ...group })),
    elapsedMs,
  };
}

/** The groups of docs-29m at the plan's depth. */
function plannedGroups(plan: Plan): [string, GroupProgress][] {
  const bits = Number(plan.point.id.split('-')[1]);
  const groups = new Map<string, Mutable<GroupProgress>>();
  for (const frame of framesOf(bits, Math.max(6, bits))) {
    if (frame.stage === 'tokenizer' || frame.group === undefined) continue;
    const layer = /^layers\.(\d+)\.(.+)$/.exec(frame.group);
    const group = groups.get(frame.group) ?? {
      group: frame.group,
      stage: frame.stage,
      layer: layer ? Number(layer[1]) : null,
      part: layer?.[2] ?? frame.group,
      depthPresent: 0,
      depthPlanned: frame.planned,
      bytesDone: 0,
      bytesTotal: 0,
      weights: frame.weights,
      phase: 'waiting' as const,
    };
    group.bytesTotal += frame.bytes;
    groups.set(frame.group, group);
  }
  return [...groups];
}

async function* lines<T>(response: Response): AsyncGenerator<T> {
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield JSON.parse(part) as T;
  }
}

function scriptedModel(id: string, plan: Plan): Model {
  let generation: GenerationStats | null = null;
  async function* generate(prompt: string, { maxTokens = 256, signal }: GenerateOptions = {}): AsyncGenerator<Piece, GenerationStats> {
    const { text, tokenMs } = (await (await fetch(`/mock/text?prompt=${encodeURIComponent(prompt)}`)).json()) as { text: string; tokenMs: number };
    const words = (text.match(/\s*\S+\s*?/g) ?? []).slice(0, maxTokens);
    const started = performance.now();
    let first = 0;
    let tokens = 0;
    for (const word of words) {
      await new Promise((resolve) => setTimeout(resolve, first === 0 ? 6 * tokenMs : tokenMs));
      if (signal?.aborted) break;
      first ||= performance.now();
      tokens++;
      yield { text: word, ids: [tokens] };
    }
    const decode = (performance.now() - first) / Math.max(1, tokens - 1);
    const finish = signal?.aborted ? 'aborted' : 'max-tokens';
    generation = { promptTokens: prompt.split(/\s+/).length + 1, reusedTokens: 0, tokens, timeToFirstTokenMs: first - started, prefillMsPerToken: 9, decodeMsPerToken: decode, tokensPerSecond: 1000 / decode, finish };
    if (signal?.aborted) throw new FacetError('aborted', 'The generation was aborted.');
    return generation;
  }
  const answer = async () => 'an orange ring below a purple square.';
  return { id, plan, complete: Promise.resolve(), generate, answer, stats: () => ({ generation }), unload: async () => undefined } as unknown as Model;
}
