import { FacetError } from '../errors';
import type { ComponentName } from './components';
import { plannedPrecision } from './kv-precision';
import { LlamaDecoder } from './llama-decoder';
import { llamaWeights } from './llama-weights';
import type { Part } from './part';
import { PictureProjector, VisionTower } from './picture-encoder';
import { TextEmbedder } from './text-embedder';

/** What computes with each component's weights. */
export interface Engines {
  'text-decoder': LlamaDecoder;
  'text-encoder': TextEmbedder;
  'vision-encoder': VisionTower;
  projector: PictureProjector;
}

/** A component as it runs. */
export interface Component {
  readonly part: Part;
  readonly engine: Engines[ComponentName];
}

/** @param part with every tensor at its base at least */
export async function startComponent(part: Part): Promise<Component> {
  await part.prepared;
  return { part, engine: await engineOf(part) };
}

function engineOf(part: Part): Engines[ComponentName] | Promise<Engines[ComponentName]> {
  const { backend, store, bundle: { manifest: { config }, plan } } = part;
  switch (part.name) {
    case 'text-decoder': {
      const capacity = Math.min(plan.contextLength, config.contextLength);
      return new LlamaDecoder(backend, config, llamaWeights(store, config), capacity, plannedPrecision(plan.kv));
    }
    case 'text-encoder':
      return TextEmbedder.create(backend, config, store);
    case 'vision-encoder':
      return VisionTower.create(backend, config, store);
    case 'projector':
      return new PictureProjector(backend, config, store);
  }
}

/** The components of a model that are there, each to be replaced by itself. */
export class ComponentSet {
  readonly #components = new Map<ComponentName, Component>();
  readonly #awaited: { readonly name: ComponentName; readonly resolve: () => void; readonly reject: (error: FacetError) => void }[] = [];
  #failure: FacetError | null = null;

  get all(): readonly Component[] {
    return [...this.#components.values()];
  }

  get(name: ComponentName): Component | null {
    return this.#components.get(name) ?? null;
  }

  /** What computes; null while the component is not there. */
  engine<N extends ComponentName>(name: N): Engines[N] | null {
    return (this.#components.get(name)?.engine as Engines[N] | undefined) ?? null;
  }

  /** Puts a component in its place; returns the one that was there. */
  install(component: Component): Component | null {
    const before = this.get(component.part.name);
    this.#components.set(component.part.name, component);
    for (const { name, resolve } of this.#awaited) if (name === component.part.name) resolve();
    return before;
  }

  /**
   * Settles when the component is there.
   *
   * @throws what it failed with where it will not come
   */
  arrival(name: ComponentName): Promise<void> {
    if (this.#components.has(name)) return Promise.resolve();
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#awaited.push({ name, resolve, reject }));
  }

  /** Says that what is not there will not come. */
  fail(failure: FacetError): void {
    this.#failure = failure;
    for (const { reject } of this.#awaited) reject(failure);
  }

  /** Gives a component's memory back before another takes its place. */
  remove(name: ComponentName): void {
    this.#components.get(name)?.part.destroy();
    this.#components.delete(name);
  }

  /** Bytes by kind, of all components together. */
  get memory(): { weightBytes: number; kvBytes: number; workBytes: number } {
    const sum = { weightBytes: 0, kvBytes: 0, workBytes: 0 };
    for (const { part: { backend: { memory } } } of this.#components.values()) {
      sum.weightBytes += memory.weightBytes;
      sum.kvBytes += memory.kvBytes;
      sum.workBytes += memory.workBytes;
    }
    return sum;
  }

  destroy(): void {
    for (const { part } of this.#components.values()) part.destroy();
  }
}

/** @throws FacetError `invalid-argument` for a model without such a component */
export function requireComponent(names: readonly ComponentName[], name: ComponentName): void {
  if (names.includes(name)) return;
  throw new FacetError('invalid-argument', `This model has no component ${name}; it has ${names.join(', ')}.`);
}
