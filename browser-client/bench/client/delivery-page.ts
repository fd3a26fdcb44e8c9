import { Facet, type LoadProgress, type Model } from '../../src/index';

/** What came of one load over a slow line, and of the text that was written meanwhile. */
export interface Delivery {
  readonly firstTokenMs: number;
  /** Bytes of the bundle that were there at the first token, of one. */
  readonly share: number;
  /** Mean bits of a weight at the first token. */
  readonly bitsAtFirstToken: number;
  readonly completeMs: number;
  /** Milliseconds between tokens until the last plane was merged. */
  readonly gaps: readonly number[];
  /** The same afterwards. */
  readonly gapsComplete: readonly number[];
  /** Payload that came over the network. */
  readonly networkBytes: number;
  /** Greedy tokens once the last plane was merged. */
  readonly ids: readonly number[];
}

interface Peer {
  loadModel(blobs: Blob[], options: Record<string, unknown>): Promise<void>;
  createCompletion(options: Record<string, unknown>): Promise<{ choices: { text: string }[] }>;
}

const PEER = '/peers/@wllama/wllama/esm';
const MODEL = 'threads-1';
/** Texts that are written one after the other until the model is whole. */
const PIECE_TOKENS = 64;

/** What the benchmark drives in the page. */
const driven = {
  async connect(): Promise<void> {
    facet ??= await Facet.connect('/', { telemetry: false });
  },

  /** Loads at `bits` and writes from the first moment on. */
  async deliver(bits: number, prompt: number[]): Promise<Delivery> {
    const started = performance.now();
    let latest!: LoadProgress;
    const model = await facet!.load(MODEL, { pin: { bits }, early: true, onProgress: (progress) => void (latest = progress) });
    let completeMs = 0;
    const complete = model.complete.then(() => void (completeMs = performance.now() - started));
    const times: number[] = [];
    let atFirst: LoadProgress | null = null;
    const gaps: number[] = [];
    do {
      times.length = 0;
      for await (const _ of model.generate('', settings(prompt, PIECE_TOKENS))) {
        if (!atFirst) firstTokenMs = performance.now() - started;
        atFirst ??= latest;
        times.push(performance.now());
        if (completeMs > 0) break;
      }
      gaps.push(...differences(times));
    } while (completeMs === 0);
    await complete;
    const { ids, times: after } = await write(model, prompt);
    const networkBytes = model.stats().load.bytes;
    await model.unload();
    const { bytesDone, bytesTotal, bitsPresent } = atFirst!;
    return {
      firstTokenMs, share: bytesDone / bytesTotal, bitsAtFirstToken: bitsPresent, completeMs, gaps, gapsComplete: differences(after),
      networkBytes, ids,
    };
  },

  /** Loads the model whole, and writes. */
  async whole(bits: number, prompt: number[]): Promise<{ networkBytes: number; ids: number[] }> {
    const model = await facet!.load(MODEL, { pin: { bits } });
    const { ids } = await write(model, prompt);
    const networkBytes = model.stats().load.bytes;
    await model.unload();
    return { networkBytes, ids };
  },

  /** The peer's code, so that its time is not counted; ours is there already. */
  async loadPeerCode(): Promise<void> {
    await import(/* @vite-ignore */ `${PEER}/index.js`);
  },

  /** Milliseconds until the peer has written its first token. */
  async peerFirstToken(prompt: string): Promise<number> {
    const { Wllama } = await import(/* @vite-ignore */ `${PEER}/index.js`);
    const started = performance.now();
    const peer: Peer = new Wllama({ default: `${PEER}/wasm/wllama.wasm` }, { suppressNativeLog: true });
    const gguf = await (await fetch('/peers/model.gguf')).blob();
    await peer.loadModel([gguf], { n_threads: 1, n_ctx: 512, n_gpu_layers: 0, n_parallel: 1 });
    await peer.createCompletion({ prompt, max_tokens: 1, temperature: 0, ignore_eos: true });
    return performance.now() - started;
  },
};

let facet: Facet | null = null;
let firstTokenMs = 0;

function settings(ids: number[], maxTokens: number) {
  return { ids, maxTokens, greedy: true, ignoreEos: true, returnTokenIds: true };
}

async function write(model: Model, prompt: number[]): Promise<{ ids: number[]; times: number[] }> {
  const [ids, times] = [[] as number[], [] as number[]];
  for await (const piece of model.generate('', settings(prompt, PIECE_TOKENS))) {
    ids.push(...piece.ids!);
    times.push(performance.now());
  }
  return { ids, times };
}

function differences(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]!);
}

type DeliveryBench = typeof driven;

declare global {
  var delivery: DeliveryBench;
}
globalThis.delivery = driven;
