import type { ThreadChoice } from '../capability/threads';
import { FacetError } from '../errors';
import type { KernelBackend } from '../kernels/backend';
import type { KvPrecision } from '../kernels/kv-format';
import type { LoadPhase, LoadProgress } from '../progress';
import { TextTokenizer } from '../tokenizer/text-tokenizer';
import type { VerifiedFrame } from '../transport/frame-reader';
import { FrameSource } from '../transport/frame-source';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import type { ShardCache } from '../transport/shard-cache';
import type { BundleManifest, Plan } from '../transport/wire';
import type { FailureStage } from '../worker/protocol';
import type { BackendChoice } from './backend-choice';
import { checkTextEncoderTensors, encoderHeads, encoderStack, encoderUses } from './encoder-weights';
import { chooseKernels, createBackend } from './backend-factory';
import { fetchManifest } from './bundle-manifest';
import { fetchKernels } from './kernel-loader';
import { checkLlamaTensors, llamaStack, llamaUses, llamaWeights } from './llama-weights';
import { plannedPrecision } from './kv-precision';
import { LlamaDecoder } from './llama-decoder';
import { LoadTracker } from './load-tracker';
import { PictureEncoder } from './picture-encoder';
import { RunningModel } from './running-model';
import { TextEmbedder } from './text-embedder';
import { yieldTurn } from './turn';
import { WeightStore } from './weight-store';

export interface LoaderOptions {
  readonly manifestKeys: ManifestKeys | null;
  readonly cache: ShardCache | null;
  /** Why the plan is for this backend, where that was measured. */
  readonly choice?: BackendChoice | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Turns a plan into a model that runs: manifest, kernels, frames; weights are merged while later frames come in. */
export class ModelLoader {
  readonly #service: ServiceClient;
  readonly #plan: Plan;
  readonly #options: LoaderOptions;
  readonly #started: number;
  readonly #stop = new AbortController();
  #stage: FailureStage = 'manifest';

  /** @param started when the load was asked for, by `performance.now()` */
  constructor(service: ServiceClient, plan: Plan, started: number, options: LoaderOptions) {
    this.#service = service;
    this.#plan = plan;
    this.#started = started;
    this.#options = { ...options, signal: this.#stop.signal };
    const abort = () => this.#stop.abort(options.signal.reason);
    if (options.signal.aborted) abort();
    else options.signal.addEventListener('abort', abort, { once: true });
  }

  /** What was going on when the load failed. */
  get stage(): FailureStage {
    return this.#stage;
  }

  /**
   * Resolves when the model can answer, with its base planes; `RunningModel.complete` settles when the rest is there.
   */
  async load(): Promise<RunningModel> {
    this.#announce('manifest');
    const manifest = await this.#manifest();
    this.#stage = 'kernels';
    this.#announce('kernels', manifest);
    const { backend: name, kernels, kernelRevision } = manifest.runtime;
    const choice = chooseKernels(name, kernels, this.#plan.threads);
    const modules = await fetchKernels(this.#service, choice.entries, this.#options.signal);
    const backend = await createBackend(choice, modules, kernelRevision);
    this.#stage = 'download';
    try {
      return await this.#fill(manifest, backend, choice.threads);
    } catch (error) {
      backend.destroy();
      throw error;
    }
  }

  async #manifest(): Promise<BundleManifest> {
    const { manifestKeys, signal } = this.#options;
    const manifest = await fetchManifest(this.#service, this.#plan.bundle, manifestKeys, signal);
    checkTensors(manifest);
    return manifest;
  }

  /** Reads frames until the model is usable, and goes on with the rest behind the returned model. */
  async #fill(manifest: BundleManifest, backend: KernelBackend, threads: ThreadChoice): Promise<RunningModel> {
    const { config } = manifest;
    const store = new WeightStore(backend, manifest, stackOf);
    const precision = plannedPrecision(this.#plan.kv);
    const prepared = prepare(backend, manifest, precision);
    prepared?.catch(() => {
      this.#stage = 'kernels';
    });
    const tracker = new LoadTracker(manifest, store, this.#started, this.#options.onProgress);
    tracker.enter('downloading');
    const downloadStarted = performance.now();
    const { signal, cache } = this.#options;
    const onBytes = (frame: number, bytes: number) => tracker.received(frame, bytes);
    let [usable, tokenizer] = [false, null as TextTokenizer | null];
    const frames = new FrameSource(this.#service, manifest, { signal, cache, onBytes, patient: () => usable }).frames();

    const accept = async (frame: VerifiedFrame) => {
      if (frame.index === manifest.tokenizer.frame) tokenizer = readTokenizer(frame, manifest);
      else store.accept(frame);
      tracker.merged(frame.index, frame.cached);
      await yieldTurn();
      signal.throwIfAborted();
    };
    while (!tracker.usable() || !tokenizer) {
      const { done, value } = await frames.next();
      if (done) throw new FacetError('manifest-invalid', 'The bundle ended before the model was whole.');
      await accept(value);
    }
    await prepared;
    usable = true;
    tracker.enter('usable');
    const capacity = Math.min(this.#plan.contextLength, config.contextLength);
    const embedder = config.embedding ? await TextEmbedder.create(backend, config, store) : null;
    const pictures = config.vision ? await PictureEncoder.create(backend, config, store) : null;
    const decoder = embedder ? null : new LlamaDecoder(backend, config, llamaWeights(store, config), capacity, precision);
    const usableMs = performance.now() - this.#started;
    const finish = async () => {
      for await (const frame of frames) await accept(frame);
      tracker.enter('ready');
      const now = performance.now();
      return { downloadMs: now - downloadStarted, readyMs: now - this.#started };
    };
    const stop = () => this.#stop.abort();
    const choice = this.#options.choice ?? null;
    const parts = { choice, threads, decoder, embedder, pictures, tokenizer, tracker, usableMs, finish, stop };
    return new RunningModel({ plan: this.#plan, manifest, backend, ...parts });
  }

  /** Snapshots from before there is a manifest to fill. */
  #announce(phase: LoadPhase, manifest?: BundleManifest): void {
    this.#options.onProgress({
      model: this.#plan.model,
      phase,
      bytesDone: 0,
      bytesTotal: manifest?.bytes ?? this.#plan.point.bytes,
      framesDone: 0,
      framesTotal: manifest?.frames.length ?? 0,
      cacheHits: 0,
      bytesPerSecond: 0,
      bitsPresent: 0,
      bitsPlanned: this.#plan.point.bitsPerWeight,
      groups: [],
      elapsedMs: performance.now() - this.#started,
    });
  }
}

/** Names of the tensors that meet the same activations as the named one. */
function stackOf(name: string): readonly string[] {
  return name.startsWith('model.') ? llamaStack(name) : encoderStack(name);
}

/** Makes and checks the kernels that a model will use, where the backend wants that. */
function prepare(backend: KernelBackend, { tensors, config }: BundleManifest, precision: KvPrecision | null): Promise<void> | undefined {
  const shape = (config.embedding ?? config.vision)?.shape;
  const uses = [...(config.embedding ? [] : llamaUses(tensors, config)), ...(shape ? encoderUses(tensors) : [])];
  return backend.prepare?.(uses, config.embedding ? null : config, precision, shape ? encoderHeads(shape) : null);
}

function checkTensors({ tensors, config }: BundleManifest): void {
  if (config.embedding) checkTextEncoderTensors(tensors, config);
  else checkLlamaTensors(tensors, config);
}

function readTokenizer(frame: VerifiedFrame, manifest: BundleManifest): TextTokenizer {
  return new TextTokenizer(frame.payload, manifest.config.bosTokenId);
}
