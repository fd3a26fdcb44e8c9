import { FacetError } from '../errors';
import type { LoadProgress } from '../progress';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import { browserStorage } from '../storage/browser-storage';
import { StoredShards, type ShardCache } from '../transport/shard-cache';
import type { Pin, Plan } from '../transport/wire';
import type { FailureStage } from '../worker/protocol';
import type { BackendChoice } from './backend-choice';
import { BackendComparison } from './backend-comparison';
import { BundleSource } from './bundle-source';
import { fallbackPins } from './fallback';
import type { Reservation } from './memory-budget';
import { ModelLoader } from './model-loader';
import type { Needs } from './residency';
import type { RunningModel } from './running-model';

export interface ModelSourceOptions {
  readonly service: ServiceClient;
  /** The registered profile that plans are made for. */
  readonly profile: string;
  readonly modelId: string;
  readonly manifestKeys: ManifestKeys | null;
  readonly signal: AbortSignal;
  /** The model's place among those that share the memory. */
  readonly reservation: Reservation;
  /** Told of failures where they happen; without a plan where none was made. */
  readonly onFailure: (error: unknown, stage: FailureStage, plan: Plan | null) => void;
}

/** Where a model comes from, the first time and when its backend has failed: a plan, and the bundle that it names. */
export class ModelSource {
  readonly #options: ModelSourceOptions;

  constructor(options: ModelSourceOptions) {
    this.#options = options;
  }

  /**
   * Plans and loads. Where this browser fails to set up the planned backend, and the caller has not asked for that one,
   * another plan is tried.
   *
   * @param early resolve with the base planes; else when the model is whole
   */
  async load(pin: Pin | null, early: boolean, onProgress: (progress: LoadProgress) => void): Promise<RunningModel> {
    const started = performance.now();
    const { plan, choice } = await this.#faster(await this.#plan(pin), pin);
    try {
      return await this.#fetch(plan, choice, started, early, onProgress);
    } catch (error) {
      if (this.#tooLarge(error, pin)) return this.load({ ...pin, memoryBytes: Math.floor(this.#options.reservation.most) }, early, onProgress);
      const pins = pin?.backend ? [] : fallbackPins(FacetError.from(error).code, plan, 0, true);
      for (const other of pins) {
        const running = await this.load({ ...pin, ...other }, early, onProgress).catch(() => null);
        if (running) return running;
      }
      throw error;
    }
  }

  /** Whether a plan for what memory is left may fit where this one does not: less context, another ladder. */
  #tooLarge(error: unknown, pin: Pin | null): boolean {
    const most = this.#options.reservation.most;
    return FacetError.from(error).code === 'nothing-fits' && !pin?.memoryBytes && most > 0 && most < Infinity;
  }

  /** Another bundle of the model, for one of its components. */
  async bundle(pin: Pin | null, revision: string | null): Promise<BundleSource> {
    const { service, signal, manifestKeys } = this.#options;
    const planned = await this.#plan(pin);
    const plan = revision === null ? planned : { ...planned, bundle: atRevision(planned.bundle, revision) };
    const bundle = await BundleSource.open(service, plan, { manifestKeys, cache: await this.#cache(), signal });
    await bundle.fetchKernels(signal);
    return bundle;
  }

  #cache(): Promise<ShardCache> {
    return browserStorage().then((storage) => new StoredShards(storage));
  }

  /** The plan for the backend that is faster here, where both are to be had and nobody has asked for one. */
  async #faster(plan: Plan, pin: Pin | null): Promise<{ plan: Plan; choice: BackendChoice | null }> {
    if (plan.backend !== 'webgpu' || pin?.backend) return { plan, choice: null };
    const { service, profile, modelId, signal } = this.#options;
    try {
      const comparison = new BackendComparison(plan, this.#options);
      const known = await comparison.remembered();
      if (known?.backend === 'webgpu') return { plan, choice: known };
      const other = await service.plan(profile, modelId, { ...pin, backend: 'wasm' }, signal);
      if (!servesAsWell(other, plan)) return { plan, choice: null };
      const choice = known ?? (await comparison.measured({ wasm: other, webgpu: plan }));
      return { plan: choice.backend === 'wasm' ? other : plan, choice };
    } catch {
      // Nothing else is to be had, or no trial can be made: the plan stands, and loading tells what is wrong.
      signal.throwIfAborted();
      return { plan, choice: null };
    }
  }

  async #plan(pin: Pin | null): Promise<Plan> {
    const { service, profile, modelId, signal, onFailure } = this.#options;
    try {
      return await service.plan(profile, modelId, pin, signal);
    } catch (error) {
      onFailure(error, 'plan', null);
      throw error;
    }
  }

  async #fetch(
    plan: Plan, choice: BackendChoice | null, started: number, early: boolean, onProgress: (progress: LoadProgress) => void,
  ): Promise<RunningModel> {
    const { service, manifestKeys, signal, onFailure, reservation } = this.#options;
    const cache = await this.#cache();
    const onDamage = () => onFailure(new FacetError('integrity', 'A frame was altered on its way.'), 'download', plan);
    const admit = (needs: Needs) => reservation.admit(needs);
    const loader = new ModelLoader(service, plan, started, { manifestKeys, cache, signal, onProgress, choice, admit, onDamage });
    let running: RunningModel | null = null;
    try {
      running = await loader.load();
      if (!early) await running.complete;
      return running;
    } catch (error) {
      running?.destroy();
      onFailure(error, loader.stage, plan);
      throw error;
    }
  }
}

/** Speed is not bought with fewer bits or a shorter context. */
function servesAsWell(other: Plan, plan: Plan): boolean {
  return other.point.bitsPerWeight >= plan.point.bitsPerWeight && other.contextLength >= plan.contextLength;
}

/** A bundle's id with another revision: `model~revision~point~runtime~kernels`. */
function atRevision(bundle: string, revision: string): string {
  const parts = bundle.split('~');
  return [parts[0], revision, ...parts.slice(2)].join('~');
}
