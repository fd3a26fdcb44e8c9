import { Facet, type Model } from '../../src/index';

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
const models = new Map<number, Model>();

/** What the benchmark drives in the page. */
const driven = {
  /** Loads our model for `threads`; returns how many it runs on. */
  async load(threads: number): Promise<number> {
    const facet = await Facet.connect('/', { telemetry: false });
    const model = await facet.load(`threads-${threads}`);
    models.set(threads, model);
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

  async run(threads: number, ids: number[], tokens: number): Promise<Run> {
    let text = '';
    const pieces = models.get(threads)!.generate('', { ids, maxTokens: tokens, greedy: true, ignoreEos: true });
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
  async gaps(threads: number, ids: number[], tokens: number): Promise<number[]> {
    const times: number[] = [];
    const settings = { ids, maxTokens: tokens, greedy: true, ignoreEos: true, returnTokenIds: true };
    for await (const _ of models.get(threads)!.generate('', settings)) times.push(performance.now());
    return times.slice(1).map((time, i) => time - times[i]!);
  },
};

type Bench = typeof driven;

declare global {
  var bench: Bench;
}
globalThis.bench = driven;
