import type { KernelBackend } from '../kernels/backend';
import type { VerifiedFrame } from '../transport/frame-reader';
import type { BundleManifest } from '../transport/wire';
import type { BundleSource } from './bundle-source';
import type { ComponentName } from './components';
import { encoderHeads, encoderStack, encoderUses } from './encoder-weights';
import { plannedPrecision } from './kv-precision';
import { llamaStack, llamaUses } from './llama-weights';
import { cutTensors, type PlaneCut } from './plane-cut';
import { WeightStore } from './weight-store';

/** The weights of a component in a memory of their own, which is given back with them. */
export class Part {
  readonly name: ComponentName;
  readonly bundle: BundleSource;
  readonly cut: PlaneCut;
  readonly backend: KernelBackend;
  readonly store: WeightStore;
  /** Settles when the kernels have been made and checked. */
  readonly prepared: Promise<void>;
  /** Numbers of the bundle's frames that hold something of it, ascending. */
  readonly frames: readonly number[];
  readonly #manifest: BundleManifest;

  private constructor(name: ComponentName, bundle: BundleSource, cut: PlaneCut, backend: KernelBackend) {
    this.name = name;
    this.bundle = bundle;
    this.cut = cut;
    this.backend = backend;
    this.#manifest = { ...bundle.manifest, tensors: cutTensors(bundle.manifest, name, cut) };
    this.store = new WeightStore(backend, this.#manifest, name === 'text-decoder' ? llamaStack : encoderStack);
    this.prepared = Promise.resolve(this.#prepare());
    this.prepared.catch(() => undefined);
    const numbers = this.#manifest.tensors.flatMap(({ segments }) => segments.map(({ frame }) => frame));
    this.frames = [...new Set(numbers)].sort((a, b) => a - b);
  }

  /** Memory for the component's tensors as deep as the cut has them, nothing in it yet. */
  static async create(name: ComponentName, bundle: BundleSource, cut: PlaneCut): Promise<Part> {
    return new Part(name, bundle, cut, await bundle.backend());
  }

  /** Whether every tensor is there, if only at its base. */
  get usable(): boolean {
    return this.#manifest.tensors.every((tensor) => this.store.depth(tensor) > 0);
  }

  accept(frame: VerifiedFrame): void {
    this.store.accept(frame);
  }

  destroy(): void {
    this.backend.destroy();
  }

  #prepare(): Promise<void> | undefined {
    const { tensors, config } = this.#manifest;
    const decodes = this.name === 'text-decoder';
    const shape = decodes ? null : (config.embedding ?? config.vision)!.shape;
    const uses = decodes ? llamaUses(tensors, config) : encoderUses(tensors);
    const precision = decodes ? plannedPrecision(this.bundle.plan.kv) : null;
    return this.backend.prepare?.(uses, decodes ? config : null, precision, shape ? encoderHeads(shape) : null);
  }
}
