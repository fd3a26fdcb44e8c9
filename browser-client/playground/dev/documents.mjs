/** Documents of a mesh as development sees it: shaped like a small real one (docs-29m), for pages, never for figures. */

const LAYERS = 8;
const GROUPS = [
  ['qk', 768 * 512],
  ['v', 256 * 512],
  ['o', 512 * 512],
  ['gate_up', 3072 * 512],
  ['down', 512 * 1536],
];
const EMBEDDING_WEIGHTS = 8192 * 512;
const DENSE_BYTES = 17 * 512 * 4;
const TOKENIZER_BYTES = 547_916;

const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Bytes of one plane: eight code bytes and a scale byte for 32 weights in the base, four code bytes in a refinement. */
const planeBytes = (weights, depth) => Math.ceil((weights / 32) * (depth === 2 ? 9 : 4));

function pointOf(id, ladder, bits, embeddingBits, quality) {
  const frames = framesOf(bits, embeddingBits);
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes, 0);
  const body = LAYERS * GROUPS.reduce((sum, [, weights]) => sum + weights, 0);
  const bodyBytes = frames.filter((frame) => frame.group?.startsWith('layers.')).reduce((sum, frame) => sum + frame.bytes, 0);
  return {
    id,
    ladder,
    bodyBits: round((8 * bodyBytes) / body),
    bitsPerWeight: round((8 * (bytes - TOKENIZER_BYTES)) / (body + EMBEDDING_WEIGHTS)),
    bytes,
    quality,
  };
}

/** Frames in priority order, as in a bundle manifest. */
export function framesOf(bits, embeddingBits) {
  const frames = [
    { stage: 'tokenizer', bytes: TOKENIZER_BYTES },
    { stage: 'dense', group: 'dense', depth: 0, bytes: DENSE_BYTES, weights: DENSE_BYTES / 4, planned: 32 },
  ];
  const add = (stage, group, weights, depth, planned) =>
    frames.push({ stage, group, weights, depth, planned, bytes: planeBytes(weights, depth) });
  for (let depth = 2; depth <= embeddingBits; depth++) add('embedding', 'embedding', EMBEDDING_WEIGHTS, depth, embeddingBits);
  for (let depth = 2; depth <= bits; depth++) {
    for (let layer = 0; layer < LAYERS; layer++) {
      for (const [part, weights] of GROUPS) add(depth === 2 ? 'base' : 'refinement', `layers.${layer}.${part}`, weights, depth, bits);
    }
  }
  return frames;
}

const quality = (perplexity, meanKl, top1Agreement) => ({
  perplexity,
  baselinePerplexity: 8.31,
  meanKl,
  p99Kl: round(meanKl * 14, 4),
  maxKl: round(meanKl * 60, 4),
  top1Agreement,
});

export const POINTS = [
  pointOf('full-2', 'full', 2, 6, quality(24.7, 0.94, 0.58)),
  pointOf('full-3', 'full', 3, 6, quality(10.4, 0.21, 0.79)),
  pointOf('full-4', 'full', 4, 6, quality(8.72, 0.047, 0.9)),
  pointOf('reference-6', 'reference', 6, 6, quality(8.36, 0.0071, 0.96)),
  pointOf('reference-8', 'reference', 8, 8, quality(8.31, 0.0009, 0.988)),
];

export const MODEL = {
  id: 'docs-29m',
  revision: '4f2c9a1b77de',
  state: 'published',
  edition: { name: 'calibrated', revision: 'b1c6a27f9e04' },
  improving: false,
  architecture: 'LlamaForCausalLM',
  parameters: 29_368_832,
  contextLength: 1024,
  progress: null,
  problem: null,
  points: POINTS,
  importedAt: minutesAgo(55),
  publishedAt: minutesAgo(54),
};

const layersOf = () => ['embedding', ...Array.from({ length: LAYERS }, (_, layer) => `layers.${layer}`)];

const TENSORS = { qk: ['self_attn.q_proj', 'self_attn.k_proj'], v: ['self_attn.v_proj'], o: ['self_attn.o_proj'], gate_up: ['mlp.gate_proj', 'mlp.up_proj'], down: ['mlp.down_proj'] };

function tensorErrors(ladder, anchor) {
  const scale = 0.62 / 2 ** anchor;
  return Array.from({ length: LAYERS }, (_, layer) => layer).flatMap((layer) =>
    Object.entries(TENSORS).flatMap(([part, names], kind) =>
      names.map((name, i) => ({
        ladder,
        group: `layers.${layer}.${part}`,
        tensor: `model.layers.${layer}.${name}.weight`,
        weights: 512 * 512,
        anchor,
        relativeError: round(scale * (1.4 + Math.sin(layer * 2.1 + kind + i) * 0.25 + kind * 0.06), 5),
      })),
    ),
  );
}

/** The model's report, with one cut that was refused and a few of another tool's files. */
export function report() {
  const refused = { ...POINTS[0], label: null };
  const points = POINTS.slice(1).map((point, i) => ({ ...point, label: i === 0 ? 'degraded' : null }));
  const tensors = [...tensorErrors('full', 4), ...tensorErrors('reference', 8)];
  const worst = (ladder) => tensors.filter((error) => error.ladder === ladder).sort((a, b) => b.relativeError - a.relativeError).slice(0, 5);
  return {
    model: MODEL.id,
    revision: MODEL.revision,
    edition: MODEL.edition,
    improving: false,
    points: points.map((point) => ({ point, bits: {}, anchoredMeanKl: point.id === 'full-4' || !point.quality ? null : point.quality.meanKl * 0.7 })),
    refused: [refused],
    peers: {
      measured: 'another quantizer on another text; the figures are made up for developing this page.',
      peers: [
        { name: 'Q2_K', bytes: 12_900_000, bitsPerWeight: 3.46, bodyBits: 2.93, perplexity: 9.1, meanKl: 0.24, top1Agreement: 0.78 },
        { name: 'Q3_K_M', bytes: 15_800_000, bitsPerWeight: 4.24, bodyBits: 3.85, perplexity: 8.9, meanKl: 0.09, top1Agreement: 0.86 },
        { name: 'Q4_K_M', bytes: 18_800_000, bitsPerWeight: 5.06, bodyBits: 4.8, perplexity: 8.6, meanKl: 0.03, top1Agreement: 0.92 },
        { name: 'Q8_0', bytes: 31_500_000, bitsPerWeight: 8.5, bodyBits: 8.5, perplexity: 8.31, meanKl: 0.0011, top1Agreement: 0.987 },
      ],
    },
    layers: layersOf().map((layer, i) => ({
      layer,
      bits: Object.fromEntries(points.map((point) => [point.id, layer === 'embedding' ? Math.max(6, Math.round(point.bodyBits)) : Math.floor(point.bodyBits) + (point.bodyBits < 4 && i % 3 === 0 ? 0.6 : 0)])),
    })),
    worst: { full: worst('full'), reference: worst('reference') },
    tensors,
  };
}

export const PICTURE_MODEL = { ...MODEL, id: 'scenes-vlm', architecture: 'llava' };

export const IMPORTING = { ...MODEL, state: 'importing', edition: null, points: [], revision: null, publishedAt: null, progress: { done: 17, total: 41 } };

export const REGISTRATION = {
  profile: '0d4f5f0e-7f6b-4c5b-9a5e-0a7b8a1c2d3e',
  deviceClass: 'wasm-mt.chromium.8g',
  description: 'Chromium on a desktop, its WebGPU adapter is SwiftShader, which computes on the CPU, so WebAssembly SIMD does the work; 8 GiB of memory or more.',
  session: 'development-session',
  sessionExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
};

export function planOf(pin = {}) {
  const backend = pin.backend ?? 'wasm';
  const point = POINTS.find((candidate) => candidate.bodyBits >= (pin.bits ?? 4)) ?? POINTS.at(-1);
  const contextLength = Math.min(pin.maxContext ?? 1024, 1024);
  const kvBytes = LAYERS * 2 * 4 * 64 * 4 * contextLength;
  const workBytes = 6_291_456;
  return {
    plan: '7b1d3c58-5d4b-4f0f-8c39-3a8f3f1e9a10',
    profile: REGISTRATION.profile,
    model: MODEL.id,
    deviceClass: REGISTRATION.deviceClass,
    backend,
    threads: 1,
    point,
    contextLength,
    kv: { keys: 'f32', values: 'f32' },
    memory: { budgetBytes: 1_610_612_736 / 8, weightBytes: point.bytes, kvBytes, workBytes, totalBytes: point.bytes + kvBytes + workBytes },
    bundle: `docs-29m~${MODEL.revision}~${point.id}~${backend}~0a1b2c3d4e5f`,
    telemetry: { sampleRate: 1 },
    reasons: [
      {
        choice: 'backend',
        value: backend,
        because: 'The WebGPU adapter is a software rasteriser, which computes on the processor anyway; WebAssembly SIMD does that faster.',
        runnerUp: 'webgpu',
      },
      {
        choice: 'precision',
        value: point.id,
        because: 'The richest cut of the full ladder that fits the memory budget; no measurement asks for fewer bits.',
        runnerUp: 'full-3',
      },
      { choice: 'context', value: String(contextLength), because: 'The model’s whole context fits beside its weights.', runnerUp: null },
      { choice: 'kv', value: 'f32', because: 'The cache is small next to the budget, so it keeps full precision.', runnerUp: 'f16' },
      { choice: 'threads', value: '1', because: 'Weights of this size stay in one core’s cache; more threads would wait for each other.', runnerUp: '2' },
      { choice: 'memory', value: '201326592', because: 'The browser reports 8 GiB of memory; half of it is left to the system and other pages.', runnerUp: null },
    ],
  };
}

const CLASSES = [
  ['wasm-mt.chromium.8g', 'Chromium on a desktop, no WebGPU adapter, so WebAssembly SIMD does the work, with threads on 8 cores; 8 GiB or more.', 'wasm', 41, 23, 1],
  ['webgpu-apple-metal-3-f16-sg.chromium.8g', 'Chromium on a desktop, Apple GPU (metal-3, 16-bit floats, subgroups) through WebGPU; 8 GiB of memory or more.', 'webgpu', 27, 12, 4],
  ['webgpu-nvidia-lovelace-f16-sg.chromium.8g', 'Chromium on a desktop, NVIDIA GPU (lovelace, 16-bit floats, subgroups) through WebGPU; 8 GiB of memory or more.', 'webgpu', 12, 6, 18],
  ['wasm.webkit-mobile.4g', 'WebKit on a phone or tablet, no WebGPU adapter, so WebAssembly SIMD does the work on one thread; 4 GiB of memory.', 'wasm', 9, 7, 11],
  ['wasm-mt.firefox.8g', 'Firefox on a desktop, no WebGPU adapter, so WebAssembly SIMD does the work, with threads on 8 cores; 8 GiB of memory or more.', 'wasm', 5, 2, 96],
];

export const fleet = () => ({
  since: minutesAgo(1440),
  profiles: CLASSES.reduce((sum, row) => sum + row[3], 0),
  classes: CLASSES.map(([deviceClass, description, backend, profiles, sessions, minutes]) => ({
    deviceClass,
    description,
    backend,
    profiles,
    sessions,
    firstSeenAt: minutesAgo(5000),
    lastSeenAt: minutesAgo(minutes),
  })),
});

const SPEEDS = { 'wasm-mt.chromium.8g': 14.2, 'webgpu-apple-metal-3-f16-sg.chromium.8g': 6.1, 'webgpu-nvidia-lovelace-f16-sg.chromium.8g': 4.4, 'wasm.webkit-mobile.4g': 38.5 };

export const aggregates = () => ({
  since: minutesAgo(1440),
  cells: Object.entries(SPEEDS).map(([deviceClass, speed], index) => ({
    model: MODEL.id,
    point: deviceClass.includes('webkit') ? 'full-3' : 'full-4',
    deviceClass,
    sessions: 30 - 6 * index,
    events: 260 - 50 * index,
    generations: 214 - 45 * index,
    loads: 41 - 7 * index,
    failures: index === 3 ? 4 : index % 2,
    tokens: 24_100 - 5200 * index,
    decodeMsPerToken: { p50: speed, p95: round(speed * 1.6) },
    timeToFirstTokenMs: { p50: speed * 6, p95: speed * 11 },
    readyMs: { p50: 1900, p95: 6200 },
  })),
  deliveries: [
    { model: MODEL.id, point: 'full-4', streams: 112, completeStreams: 108, bytes: 1_880_000_000 },
    { model: MODEL.id, point: 'full-3', streams: 16, completeStreams: 15, bytes: 214_000_000 },
  ],
});

export const POLICIES = {
  policies: [
    {
      model: MODEL.id,
      deviceClass: 'wasm.webkit-mobile.4g',
      point: 'full-3',
      defaultPoint: 'full-4',
      targetMsPerToken: 40,
      evidence: { sessions: 7, medianMsPerToken: 38.5, p95MsPerToken: 61, point: 'full-3' },
      reason: 'At full-4 the median was 52 ms a token, above the target of 40 ms, so the next plans have fewer bits.',
      decidedAt: minutesAgo(22),
      evaluatedAt: minutesAgo(1),
      history: [
        {
          at: minutesAgo(22),
          from: 'full-4',
          to: 'full-3',
          reason: 'At full-4 the median was 52 ms a token, above the target of 40 ms, so the next plans have fewer bits.',
          evidence: { sessions: 5, medianMsPerToken: 52, p95MsPerToken: 80, point: 'full-4' },
        },
      ],
    },
    {
      model: MODEL.id,
      deviceClass: 'wasm-mt.chromium.8g',
      point: 'full-4',
      defaultPoint: 'full-4',
      targetMsPerToken: 40,
      evidence: { sessions: 23, medianMsPerToken: 14.2, p95MsPerToken: 22.7, point: 'full-4' },
      reason: 'The default meets the target of 40 ms a token.',
      decidedAt: minutesAgo(48),
      evaluatedAt: minutesAgo(1),
      history: [],
    },
    {
      model: MODEL.id,
      deviceClass: 'webgpu-apple-metal-3-f16-sg.chromium.8g',
      point: 'full-4',
      defaultPoint: 'full-4',
      targetMsPerToken: 40,
      evidence: { sessions: 12, medianMsPerToken: 6.1, p95MsPerToken: 9.8, point: 'full-4' },
      reason: 'The default meets the target of 40 ms a token.',
      decidedAt: minutesAgo(51),
      evaluatedAt: minutesAgo(2),
      history: [],
    },
  ],
};

/** One live event; a few failures and loads among many generations. */
export function liveEvent(index) {
  const classes = Object.keys(SPEEDS);
  const deviceClass = classes[(index * 7) % classes.length];
  const at = new Date().toISOString();
  const common = { id: String(index), at, model: MODEL.id, point: deviceClass.includes('webkit') ? 'full-3' : 'full-4', deviceClass, backend: deviceClass.split(/[.-]/, 1)[0], pinned: false };
  if (index % 29 === 5) return ['policy', { ...POLICIES.policies[0], previous: 'full-4' }];
  if (index % 23 === 11) return ['failure', { ...common, code: 'network', stage: 'downloading' }];
  if (index % 6 === 2) return ['load', { ...common, bytes: POINTS[2].bytes, downloadMs: 1400, readyMs: 1850 + 90 * (index % 9), cacheHits: 0 }];
  const jitter = 0.85 + 0.3 * Math.abs(Math.sin(index * 12.9898));
  return ['generation', { ...common, promptTokens: 9, tokens: 40 + ((index * 31) % 120), timeToFirstTokenMs: 80, decodeMsPerToken: SPEEDS[deviceClass] * jitter, cancelled: false }];
}

function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
