import type { ThreadChoice } from '../capability/threads';
import type { KernelBackend } from '../kernels/backend';
import type { KernelVariants } from '../kernels/variants';
import type { VerifiedFrame } from '../transport/frame-reader';
import { FrameSource, type FrameSourceOptions } from '../transport/frame-source';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import type { ShardCache } from '../transport/shard-cache';
import type { BundleManifest, Plan } from '../transport/wire';
import { chooseKernels, createBackend, type KernelChoice } from './backend-factory';
import { fetchManifest } from './bundle-manifest';
import type { ComponentName } from './components';
import { checkTextEncoderTensors } from './encoder-weights';
import { fetchKernels, type KernelModules } from './kernel-loader';
import { checkLlamaTensors } from './llama-weights';
import { cutTensors, type PlaneCut } from './plane-cut';

export interface BundleOptions {
  readonly manifestKeys: ManifestKeys | null;
  readonly cache: ShardCache | null;
  readonly signal: AbortSignal;
  /** The ways to make products that a trial found fastest; null or absent for the usual ones. */
  readonly variants?: KernelVariants | null;
}

/** A bundle with all that puts parts of it in memory, the first time and later ones: manifest, kernels, frames. */
export class BundleSource {
  readonly plan: Plan;
  readonly manifest: BundleManifest;
  readonly #service: ServiceClient;
  readonly #cache: ShardCache | null;
  readonly #choice: KernelChoice;
  readonly #variants: KernelVariants | null;
  #modules: KernelModules | null = null;

  private constructor(service: ServiceClient, plan: Plan, manifest: BundleManifest, { cache, variants = null }: BundleOptions) {
    this.#service = service;
    this.plan = plan;
    this.manifest = manifest;
    this.#cache = cache;
    this.#variants = variants;
    this.#choice = chooseKernels(manifest.runtime.backend, manifest.runtime.kernels, plan.threads);
  }

  /** @throws FacetError `manifest-invalid`, `manifest-signature`, `network` and others */
  static async open(service: ServiceClient, plan: Plan, options: BundleOptions): Promise<BundleSource> {
    const manifest = await fetchManifest(service, plan.bundle, options.manifestKeys, options.signal);
    checkTensors(manifest);
    return new BundleSource(service, plan, manifest, options);
  }

  get threads(): ThreadChoice {
    return this.#choice.threads;
  }

  /** @throws FacetError `integrity`, `kernel-invalid`, `network` */
  async fetchKernels(signal: AbortSignal): Promise<void> {
    this.#modules = await fetchKernels(this.#service, this.#choice.entries, signal);
  }

  /**
   * A device of its own, with nothing on it; `fetchKernels` comes before.
   *
   * @throws FacetError `no-backend`, `kernel-invalid`, `out-of-memory`
   */
  backend(): Promise<KernelBackend> {
    return createBackend(this.#choice, this.#modules!, this.manifest.runtime.kernelRevision, this.#variants);
  }

  /** Whether the browser keeps all of a component as deep as the cut has it. */
  async keeps(name: ComponentName, cut: PlaneCut): Promise<boolean> {
    const kept = await this.#cache?.kept();
    const segments = cutTensors(this.manifest, name, cut).flatMap((tensor) => tensor.segments);
    return segments.every(({ frame }) => kept?.has(this.manifest.frames[frame]!.sha256));
  }

  /** The frames named, ascending: what the browser keeps from there, the rest over the network. */
  frames(wanted: readonly number[], options: Omit<FrameSourceOptions, 'cache'>): AsyncGenerator<VerifiedFrame, void, void> {
    return new FrameSource(this.#service, this.manifest, { ...options, cache: this.#cache }).frames(wanted);
  }
}

function checkTensors({ tensors, config }: BundleManifest): void {
  if (config.embedding) checkTextEncoderTensors(tensors, config);
  else checkLlamaTensors(tensors, config);
}
