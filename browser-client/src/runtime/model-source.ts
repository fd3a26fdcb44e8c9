import { FacetError } from '../errors';
import type { LoadProgress } from '../progress';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import { BrowserShardCache } from '../transport/shard-cache';
import type { Pin, Plan } from '../transport/wire';
import type { FailureStage } from '../worker/protocol';
import { fallbackPins } from './fallback';
import { ModelLoader } from './model-loader';
import type { RunningModel } from './running-model';

export interface ModelSourceOptions {
  readonly service: ServiceClient;
  /** The registered profile that plans are made for. */
  readonly profile: string;
  readonly modelId: string;
  readonly manifestKeys: ManifestKeys | null;
  readonly signal: AbortSignal;
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
    const plan = await this.#plan(pin);
    try {
      return await this.#fetch(plan, started, early, onProgress);
    } catch (error) {
      const pins = pin?.backend ? [] : fallbackPins(FacetError.from(error).code, plan, 0, true);
      for (const other of pins) {
        const running = await this.load({ ...pin, ...other }, early, onProgress).catch(() => null);
        if (running) return running;
      }
      throw error;
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
    plan: Plan, started: number, early: boolean, onProgress: (progress: LoadProgress) => void,
  ): Promise<RunningModel> {
    const { service, manifestKeys, signal, onFailure } = this.#options;
    const cache = await BrowserShardCache.open((sha256) => service.url(`v1/shards/${sha256}`));
    const loader = new ModelLoader(service, plan, started, { manifestKeys, cache, signal, onProgress });
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
