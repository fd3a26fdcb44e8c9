import type { LoadPhase, LoadProgress } from '../progress';
import type { VerifiedFrame } from '../transport/frame-reader';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import type { ShardCache } from '../transport/shard-cache';
import type { BundleManifest, Plan } from '../transport/wire';
import type { FailureStage } from '../worker/protocol';
import type { BackendChoice } from './backend-choice';
import { BundleSource } from './bundle-source';
import { componentsOf } from './components';
import { Delivery } from './delivery';
import { LoadTracker } from './load-tracker';
import { Part } from './part';
import { cutBytes, cutWithin, floatBytes, leastCut, planeGroups, wholeCut, type PlaneCut } from './plane-cut';
import { Residency, type Needs } from './residency';
import { RunningModel } from './running-model';

export interface LoaderOptions {
  readonly manifestKeys: ManifestKeys | null;
  readonly cache: ShardCache | null;
  /** Why the plan is for this backend, where that was measured. */
  readonly choice?: BackendChoice | null;
  /** Says before anything is downloaded how many bytes the model may take; all that is planned where it is absent. */
  readonly admit?: (needs: Needs) => Promise<number>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  readonly onDamage?: (frame: number) => void;
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
   *
   * @throws FacetError `nothing-fits` before anything is downloaded, and others
   */
  async load(): Promise<RunningModel> {
    this.#announce('manifest');
    const bundle = await BundleSource.open(this.#service, this.#plan, { ...this.#options, variants: this.#options.choice?.variants ?? null });
    const cut = await this.#affordable(bundle.manifest);
    this.#stage = 'kernels';
    this.#announce('kernels', bundle.manifest);
    await bundle.fetchKernels(this.#options.signal);
    const main = await Part.create(componentsOf(bundle.manifest)[0]!, bundle, cut);
    main.prepared.catch(() => {
      this.#stage = 'kernels';
    });
    this.#stage = 'download';
    try {
      return await this.#fill(bundle, cut, main);
    } catch (error) {
      main.destroy();
      throw error;
    }
  }

  /** As much of the plan as the memory holds that the model may take. */
  async #affordable(manifest: BundleManifest): Promise<PlaneCut> {
    const names = componentsOf(manifest);
    const groups = names.flatMap((name) => planeGroups(manifest, name));
    const { kvBytes, workBytes } = this.#plan.memory;
    const fixed = names.reduce((sum, name) => sum + floatBytes(manifest, name), kvBytes + workBytes);
    const needs = { least: fixed + cutBytes(groups, leastCut(groups)), planned: fixed + cutBytes(groups, wholeCut(groups)) };
    const granted = (await this.#options.admit?.(needs)) ?? needs.planned;
    return cutWithin(groups, granted - fixed) ?? leastCut(groups);
  }

  /** Reads frames until the model is usable, and goes on with the rest behind the returned model. */
  async #fill(bundle: BundleSource, cut: PlaneCut, main: Part): Promise<RunningModel> {
    const listener = {
      signal: this.#stop.signal,
      onBytes: (frame: number, bytes: number) => tracker.received(frame, bytes),
      onFrame: ({ index, cached }: VerifiedFrame) => tracker.merged(index, cached),
      onDamage: (frame: number) => {
        tracker.damaged();
        this.#options.onDamage?.(frame);
      },
    };
    const delivery = new Delivery(bundle, cut, main, listener);
    const tracker = new LoadTracker(bundle.manifest, delivery, this.#started, this.#options.onProgress);
    tracker.enter('downloading');
    const downloadStarted = performance.now();
    const tokenizer = await delivery.untilUsable();
    tracker.enter('usable');
    const usableMs = performance.now() - this.#started;
    const finish = async () => {
      await delivery.rest();
      tracker.enter('ready');
      const now = performance.now();
      return { downloadMs: now - downloadStarted, readyMs: now - this.#started };
    };
    const { components } = delivery;
    const residency = new Residency(delivery, { onBytes: () => undefined, onFrame: () => tracker.changed() });
    const stop = () => this.#stop.abort();
    const choice = this.#options.choice ?? null;
    return new RunningModel({ choice, components, delivery, residency, tokenizer, tracker, usableMs, finish, stop });
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
