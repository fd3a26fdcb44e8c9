import type { KernelBackend } from '../kernels/backend';
import { isVariants, type KernelVariants } from '../kernels/variants';
import type { ManifestKeys } from '../transport/manifest-signature';
import type { ServiceClient } from '../transport/service-client';
import type { Plan } from '../transport/wire';
import { chooseBackend, measureBoth, type BackendChoice, type Findings } from './backend-choice';
import { chooseKernels, createBackend } from './backend-factory';
import { BackendTrial, trialOf, type Clock, type Speeds } from './backend-trial';
import { fetchManifest } from './bundle-manifest';
import { fetchKernels } from './kernel-loader';
import { KeptText } from './kept-text';

/** Weights of the matrix that a backend is tried on: enough to be like a large model's, few enough to be soon done. */
const MOST_WEIGHTS = { wasm: 2 ** 22, webgpu: 2 ** 24 } as const;

const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface ComparisonOptions {
  readonly service: ServiceClient;
  readonly manifestKeys: ManifestKeys | null;
  readonly signal: AbortSignal;
}

/** Finds out on which backend this device runs a model faster, and remembers it for models of about that size. */
export class BackendComparison {
  readonly #options: ComparisonOptions;
  readonly #store: KeptText;

  /** @param planned a model's plan for the GPU; its profile names the device, its bundle the kernels */
  constructor(planned: Plan, options: ComparisonOptions) {
    this.#options = options;
    const size = Math.round(Math.log2(planned.memory.weightBytes));
    const kernels = planned.bundle.slice(planned.bundle.lastIndexOf('~') + 1);
    this.#store = new KeptText('facet-backend-speeds', {
      profile: planned.profile, kernels, size: `${size}`, bits: `${Math.floor(planned.point.bodyBits)}`,
    });
  }

  /** What an earlier visit found; null where there was none. */
  async remembered(): Promise<BackendChoice | null> {
    const findings = parse(await this.#store.read().catch(() => null));
    return findings && chooseBackend(findings, true);
  }

  /** @throws FacetError where a backend cannot be set up */
  async measured(plans: { readonly wasm: Plan; readonly webgpu: Plan }): Promise<BackendChoice> {
    const backends: KernelBackend[] = [];
    try {
      const wasm = await this.#trial(plans.wasm, backends);
      const findings = await measureBoth({ wasm, webgpu: await this.#trial(plans.webgpu, backends) }, CLOCK);
      await this.#store.write(JSON.stringify(findings)).catch(() => undefined);
      return chooseBackend(findings, false);
    } finally {
      for (const backend of backends) backend.destroy();
    }
  }

  async #trial(plan: Plan, backends: KernelBackend[]): Promise<BackendTrial> {
    const { service, manifestKeys, signal } = this.#options;
    const manifest = await fetchManifest(service, plan.bundle, manifestKeys, signal);
    const { backend: name, kernels, kernelRevision } = manifest.runtime;
    const choice = chooseKernels(name, kernels, plan.threads);
    const backend = await createBackend(choice, await fetchKernels(service, choice.entries, signal), kernelRevision);
    backends.push(backend);
    const trial = new BackendTrial(backend, trialOf(manifest, MOST_WEIGHTS[name]), CLOCK);
    await trial.warmUp();
    return trial;
  }
}

function parse(text: string | null): Findings | null {
  try {
    const { speeds, variants } = JSON.parse(text ?? '') as { speeds?: Partial<Record<string, Speeds>>; variants?: KernelVariants | null };
    const { wasm, webgpu } = speeds ?? {};
    return isSpeeds(wasm) && isSpeeds(webgpu) ? { speeds: { wasm, webgpu }, variants: isVariants(variants) ? variants : null } : null;
  } catch {
    return null;
  }
}

function isSpeeds(found: Speeds | undefined): found is Speeds {
  return Number.isFinite(found?.decodeMs) && Number.isFinite(found?.prefillMs);
}
