import { Facet, type Model } from '../../src/index';
import { chooseKernels, createBackend } from '../../src/runtime/backend-factory';
import { fetchManifest } from '../../src/runtime/bundle-manifest';
import { fetchKernels } from '../../src/runtime/kernel-loader';
import { ModelLoader } from '../../src/runtime/model-loader';
import type { LlamaDecoder } from '../../src/runtime/llama-decoder';
import { ServiceClient } from '../../src/transport/service-client';

/** Speeds of one generation, and what it wrote. */
export interface Run {
  readonly prefillMsPerToken: number;
  readonly decodeMsPerToken: number;
  readonly promptTokens: number;
  readonly tokens: number;
  readonly text: string;
}

/** What of wllama's interface the benchmark uses. */
interface Peer {
  loadModel(blobs: Blob[], options: Record<string, unknown>): Promise<void>;
  createCompletion(options: Record<string, unknown>): Promise<{
    choices: { text: string }[];
    timings: { prompt_n: number; prompt_per_token_ms: number; predicted_n: number; predicted_per_token_ms: number };
  }>;
}

const PEER = '/peers/@wllama/wllama/esm';
const peers = new Map<number, Peer>();
const models = new Map<string, Model>();
const service = new ServiceClient(location.origin);
const { signal } = new AbortController();

/** What the benchmark drives in the page. */
const driven = {
  /** Loads our model under one of its names; returns on how many threads it runs. */
  async load(name: string): Promise<number> {
    const facet = await Facet.connect('/', { telemetry: false });
    const model = await facet.load(name);
    models.set(name, model);
    return model.stats().threads.count;
  },

  async loadPeer(threads: number): Promise<void> {
    const script = `${PEER}/index.js`;
    const { Wllama } = await import(/* @vite-ignore */ script);
    const peer: Peer = new Wllama({ default: `${PEER}/wasm/wllama.wasm` }, { suppressNativeLog: true });
    const gguf = await (await fetch('/peers/model.gguf')).blob();
    await peer.loadModel([gguf], { n_threads: threads, n_ctx: 512, n_gpu_layers: 0, n_parallel: 1 });
    peers.set(threads, peer);
  },

  async run(name: string, ids: number[], tokens: number): Promise<Run> {
    let text = '';
    const pieces = models.get(name)!.generate('', { ids, maxTokens: tokens, greedy: true, ignoreEos: true, reuse: false });
    for (;;) {
      const { done, value } = await pieces.next();
      if (!done) text += value.text;
      else return { ...value, decodeMsPerToken: value.decodeMsPerToken!, text };
    }
  },

  async runPeer(threads: number, prompt: string, tokens: number): Promise<Run> {
    const { choices, timings } = await peers.get(threads)!.createCompletion({
      prompt, max_tokens: tokens, temperature: 0, ignore_eos: true, cache_prompt: false, timings_per_token: true,
    });
    const { prompt_per_token_ms: prefillMsPerToken, predicted_per_token_ms: decodeMsPerToken } = timings;
    return { prefillMsPerToken, decodeMsPerToken, text: choices[0]!.text, promptTokens: timings.prompt_n, tokens: timings.predicted_n };
  },

  /** Milliseconds between the tokens of a loaded model. */
  async gaps(name: string, ids: number[], tokens: number): Promise<number[]> {
    const times: number[] = [];
    const settings = { ids, maxTokens: tokens, greedy: true, ignoreEos: true, returnTokenIds: true };
    for await (const _ of models.get(name)!.generate('', settings)) times.push(performance.now());
    return times.slice(1).map((time, i) => time - times[i]!);
  },

  /** Mean divergence of each model's next tokens from those of the first, all tokens read one by one. */
  async divergences(names: readonly string[], ids: readonly number[]): Promise<number[]> {
    const decoders = await Promise.all(names.map(decoderOf));
    const sums = names.map(() => 0);
    for (const [position, id] of ids.entries()) {
      const found: Float32Array[] = [];
      for (const decoder of decoders) {
        decoder.step([id], position, true);
        found.push(logShares(await decoder.logits()));
      }
      found.forEach((q, i) => (sums[i]! += divergence(found[0]!, q)));
    }
    return sums.map((sum) => sum / ids.length);
  },

  /** Bytes of a model's cache for so many tokens, over those of float16. */
  async cacheShare(name: string, capacity: number, bits: 2 | 3 | 4 | 8, window: number): Promise<number> {
    const plan = await service.plan('', name, null, signal);
    const { config, runtime } = await fetchManifest(service, plan.bundle, null, signal);
    const choice = chooseKernels(runtime.backend, runtime.kernels, 1);
    const backend = await createBackend(choice, await fetchKernels(service, choice.entries, signal), runtime.kernelRevision);
    const { layers, kvHeads, headDim } = config;
    backend.cache({ layers, kvHeads, headDim, capacity, precision: { keys: bits, values: bits, window } });
    return backend.memory.kvBytes / (2 * layers * kvHeads * headDim * capacity * 2);
  },
};

/** A whole model's decoder, in the page itself. */
async function decoderOf(name: string): Promise<LlamaDecoder> {
  const plan = await service.plan('', name, null, signal);
  const loader = new ModelLoader(service, plan, performance.now(), { manifestKeys: null, cache: null, signal, onProgress: () => undefined });
  const running = await loader.load();
  await running.complete;
  return running.decoder;
}

function logShares(logits: Float32Array): Float32Array {
  const most = logits.reduce((so, value) => Math.max(so, value), -Infinity);
  const total = most + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return logits.map((value) => value - total);
}

function divergence(p: Float32Array, q: Float32Array): number {
  return p.reduce((sum, value, i) => sum + Math.exp(value) * (value - q[i]!), 0);
}

type Bench = typeof driven;

declare global {
  var bench: Bench;
}
globalThis.bench = driven;
