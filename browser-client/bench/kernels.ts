import { USUAL_VARIANTS, type KernelVariants } from '../src/kernels/variants';
import { FastMultiply } from '../src/kernels/webgpu/fast-multiply';
import { GpuContext } from '../src/kernels/webgpu/gpu-context';
import { WebGpuBackend } from '../src/kernels/webgpu/webgpu-backend';
import { Answer } from '../src/runtime/answer';
import { TRIAL_MS } from '../src/runtime/backend-choice';
import { BackendTrial } from '../src/runtime/backend-trial';
import { Generation } from '../src/runtime/generation';
import { LlamaDecoder } from '../src/runtime/llama-decoder';
import { TextStream } from '../src/tokenizer/text-stream';
import type { ModelConfig } from '../src/transport/wire';
import { installDawn } from './dawn';
import { ProductBench, type MatmulCase, type MatvecCase } from './products';
import { randomLlama, randomLlamaUses } from './random-llama';
import { ReadCeiling } from './read-ceiling';
import { report, type Row } from './report';
import { benchSampling, type SamplingCase } from './sampling';
import { Stopwatch } from './stopwatch';

const SHADERS = import.meta.glob<string>('../src/kernels/webgpu/*.wgsl', { query: '?raw', import: 'default', eager: true });
const PROMPT = 128;
const TOKENS = 256;
const WARM_UP_MS = 3000;

const MATVECS: readonly MatvecCase[] = [
  { name: 'matvec 14336x4096, 4 bits', rows: 14336, cols: 4096, layout: 4, floor: 60, goal: 85 },
  { name: 'matvec 14336x4096, 2 bits', rows: 14336, cols: 4096, layout: 2, floor: 30, goal: 60 },
  { name: 'matvec 14336x4096, 3 bits', rows: 14336, cols: 4096, layout: 3 },
  { name: 'matvec 14336x4096, 8 bits', rows: 14336, cols: 4096, layout: 8 },
  { name: 'matvec 4096x14336, 4 bits', rows: 4096, cols: 14336, layout: 4, floor: 50, goal: 75 },
  { name: 'matvec 4096x4096, 4 bits', rows: 4096, cols: 4096, layout: 4, floor: 18, goal: 30 },
  { name: 'norm and q, k, v in one, 6144x4096, 4 bits', rows: 6144, cols: 4096, layout: 4, norm: true, outputs: 3 },
  { name: 'norm, gate, up and SiLU in one, 28672x4096, 4 bits', rows: 28672, cols: 4096, layout: 4, norm: true, gated: true },
];

const MATMULS: readonly MatmulCase[] = [
  { name: 'matmul 14336x4096 by 512 tokens, 4 bits', rows: 14336, cols: 4096, tokens: 512, floor: 15, goal: 15 },
  { name: 'matmul 4096x14336 by 512 tokens, 4 bits', rows: 4096, cols: 14336, tokens: 512, floor: 15, goal: 15 },
];

const DRAWS: readonly SamplingCase[] = [
  { name: 'draw from all', topK: 0, topP: 1 },
  { name: 'draw, top-p .9', topK: 0, topP: 0.9 },
  { name: 'draw, top-k 40 and top-p .95', topK: 40, topP: 0.95 },
];

/** Llama 3 8B. */
const LLAMA_8B: ModelConfig = {
  architecture: 'llama', hiddenSize: 4096, layers: 32, heads: 32, kvHeads: 8, headDim: 128, intermediateSize: 14336,
  vocabSize: 128256, contextLength: 1024, ropeTheta: 500_000, ropeScaling: null, rmsNormEps: 1e-5, tiedEmbeddings: false,
  bosTokenId: 0, eosTokenIds: [],
};

/** `--quick`: a small model and small shapes, to see that everything runs. */
const quick = process.argv.includes('--quick');
const shrink = <T extends { rows: number; cols: number }>(shape: T): T => (quick ? { ...shape, rows: shape.rows / 64, cols: shape.cols / 16 } : shape);

installDawn();
const shader = (name: string) => SHADERS[`../src/kernels/webgpu/${name}`]!;
const overrides = quick ? { software: false } : {};
const rows = await products();
const found = await trial();
rows.push(found.row, ...(await decoding(USUAL_VARIANTS)));
if (found.variants) rows.push(...(await decoding(found.variants)));
report('kernels', await host(), rows, process.argv.includes('--json'));
process.exit(0);

async function products(): Promise<Row[]> {
  const context = await GpuContext.create(shader, overrides);
  const watch = new Stopwatch(context.device);
  const ceiling = new ReadCeiling(context.device, watch, quick ? 2 ** 20 : 2 ** 28);
  const fast = new FastMultiply(context);
  const bench = new ProductBench(context, fast, watch, ceiling);
  const rows: Row[] = [];
  for (const each of MATVECS) rows.push(await bench.matvec(shrink(each)));
  for (const each of MATMULS) rows.push(await bench.matmul(shrink(each)));
  for (const matvec of ['narrow', 'float'] as const) {
    fast.use({ ...USUAL_VARIANTS, matvec });
    rows.push(await bench.matvec(shrink({ name: `the first, ${matvec}`, rows: 14336, cols: 4096, layout: 4 })));
  }
  fast.use({ ...USUAL_VARIANTS, matmul: 'small' });
  rows.push(await bench.matmul(shrink({ name: 'matmul 14336x4096, small tiles', rows: 14336, cols: 4096, tokens: 512 })));
  for (const each of DRAWS) rows.push(await benchSampling(context, watch, quick ? 1024 : LLAMA_8B.vocabSize, each));
  rows.unshift({ name: 'read ceiling', value: await ceiling.measure(100), unit: 'GB/s', better: 'higher' });
  context.destroy();
  return rows;
}

/** What a load does where nobody asks for a backend, on the GPU alone: the ways to make products, and the time it takes. */
async function trial(): Promise<{ row: Row; variants: KernelVariants | null }> {
  const backend = await WebGpuBackend.create(shader, overrides);
  const clock = { now: () => performance.now(), after: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) };
  const trial = new BackendTrial(backend, { ...shrink({ rows: 4096, cols: 4096 }), depth: 4, times: 1 }, clock);
  await trial.warmUp();
  const started = clock.now();
  const measured = await trial.measure(started + TRIAL_MS);
  const value = clock.now() - started;
  backend.destroy();
  const variants = measured?.variants ?? null;
  const name = `trial of the ways to make products, ${measured?.decodeMs.toFixed(3)} ms a product`;
  return { row: { name, value, unit: 'ms', better: 'lower', floor: TRIAL_MS, kernel: namesOf(variants ?? USUAL_VARIANTS) }, variants };
}

function namesOf({ matvec, matmul }: KernelVariants): string {
  return `${matvec}, ${matmul}`;
}

async function decoding(variants: KernelVariants): Promise<Row[]> {
  const config = quick ? { ...LLAMA_8B, hiddenSize: 128, layers: 2, heads: 4, kvHeads: 2, headDim: 32, intermediateSize: 256, vocabSize: 512 } : LLAMA_8B;
  const backend = await WebGpuBackend.create(shader, { ...overrides, variants });
  await backend.prepare(randomLlamaUses(config), config);
  const decoder = new LlamaDecoder(backend, config, randomLlama(backend, config), config.contextLength);
  const tokens = quick ? 8 : TOKENS;
  const run = async () => {
    const prompt = Array.from({ length: PROMPT }, (_, i) => i);
    const request = { prompt, maxTokens: tokens, stopTokens: new Set<number>(), sampling: null, signal: new AbortController().signal, reuse: false };
    const answer = new Answer(request, new TextStream(() => ''), () => undefined);
    const ids = new Generation(decoder, backend.maxStep, request).run();
    for (;;) {
      const { done, value } = await ids.next();
      if (done) return answer.stats(value, 0);
      answer.add(value);
    }
  };
  // An idle device takes a while to raise its clock, and longer under light load.
  const warmUp = performance.now() + (quick ? 0 : WARM_UP_MS);
  do await run();
  while (performance.now() < warmUp);
  const runs = [await run(), await run(), await run()];
  const best = (of: (stats: (typeof runs)[number]) => number) => runs.map(of).sort((a, b) => a - b)[0]!;
  const kernel = backend.replaced.length > 0 ? `replaced: ${backend.replaced.join(' ')}` : namesOf(variants);
  backend.destroy();
  return [
    {
      name: `decode, 8B-shaped Llama at 4 bits, context ${PROMPT} to ${PROMPT + tokens}`, value: 1000 / best((stats) => stats.decodeMsPerToken!),
      unit: 'tokens/s', better: 'higher', floor: 250, goal: 450, kernel,
    },
    { name: `prefill of ${PROMPT} tokens, the same model`, value: 1000 / best((stats) => stats.prefillMsPerToken), unit: 'tokens/s', better: 'higher', kernel },
  ];
}

async function host(): Promise<string> {
  const { info } = (await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }))!;
  return `${info.vendor} ${info.architecture} ${info.description}`.replace(/\s+/g, ' ').trim();
}
