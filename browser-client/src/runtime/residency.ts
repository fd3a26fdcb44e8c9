import { FacetError } from '../errors';
import type { Plan } from '../transport/wire';
import type { BundleSource } from './bundle-source';
import { requireComponent } from './component';
import { requireAgreement } from './component-check';
import { loadComponent, type Intake } from './component-loader';
import { componentsOf, type ComponentName } from './components';
import type { Delivery } from './delivery';
import { Exclusive } from './exclusive';
import { cutBytes, cutWithin, floatBytes, leastCut, planeGroups, wholeCut, type PlaneCut, type PlaneGroup } from './plane-cut';

/** Of the refinement that was there, what is taken back by a device that has lost it once. */
const AFTER_LOSS = 0.5;

/** Bytes that a model takes. */
export interface Needs {
  /** Without which it does not answer. */
  readonly least: number;
  /** With every plane that is planned. */
  readonly planned: number;
}

/**
 * How much of a model is in memory, and how that changes while it runs. Planes that were taken back come again from the
 * browser's store; a component that has changed is another one in a memory of its own, and the old one's memory is freed.
 */
export class Residency {
  /** Work on the components: a sentence makes way between two tokens. */
  readonly turns = new Exclusive();
  readonly #delivery: Delivery;
  readonly #changes = new Exclusive();
  readonly #onFrame: Intake['onFrame'];
  readonly #onBytes: Intake['onBytes'];
  #settled: Promise<unknown> = Promise.resolve();

  constructor(delivery: Delivery, listener: Pick<Intake, 'onFrame' | 'onBytes'>) {
    this.#delivery = delivery;
    this.#onFrame = listener.onFrame;
    this.#onBytes = listener.onBytes;
  }

  /** @param settled when the delivery has ended */
  follow(settled: Promise<unknown>): void {
    this.#settled = settled.catch(() => undefined);
  }

  get needs(): Needs {
    const fixed = this.#fixedBytes();
    const groups = this.#groups();
    return { least: fixed + cutBytes(groups, leastCut(groups)), planned: fixed + cutBytes(groups, wholeCut(groups)) };
  }

  /** Components of the model, in memory or on their way, that which is needed first at the front. */
  get names(): ComponentName[] {
    return componentsOf(this.#delivery.bundle.manifest);
  }

  /** The plan that the first component is there by. */
  get plan(): Plan {
    return this.#bundleOf(this.names[0]!).plan;
  }

  /** Mean present and planned depth over all quantized weights. */
  get bits(): { present: number; planned: number } {
    let [weights, present, planned] = [0, 0, 0];
    for (const { tensors } of this.#groups()) {
      for (const tensor of tensors) {
        const size = tensor.rows * tensor.cols;
        weights += size;
        present += size * this.#delivery.depth(tensor);
        planned += size * tensor.bits!;
      }
    }
    return { present: present / weights, planned: planned / weights };
  }

  /**
   * Makes the model take at most so many bytes, with the planes that lose least by it; with more room than before, planes
   * come back.
   *
   * @throws FacetError `nothing-fits` where less than the base planes would fit: nothing has changed then
   */
  fit(bytes: number): Promise<void> {
    return this.#changes.run(async () => {
      const groups = this.#groups();
      const cut = cutWithin(groups, bytes - this.#fixedBytes());
      if (!cut) throw new FacetError('nothing-fits', `The model needs ${mebibytes(this.needs.least)}; ${mebibytes(bytes)} are left to it.`);
      if (this.#changed(cut).length === 0) return;
      await this.#haltDelivery();
      for (const name of this.#changed(cut)) await this.#rebuild(name, cut, bytes);
    });
  }

  /** Puts everything on devices of its own again, after the old ones were lost, with fewer planes than there were. */
  restore(): Promise<void> {
    return this.#changes.run(async () => {
      await this.#haltDelivery();
      const { least, planned } = this.needs;
      const cut = cutWithin(this.#groups(), least + AFTER_LOSS * (planned - least) - this.#fixedBytes())!;
      for (const name of this.names) {
        this.#delivery.components.remove(name);
        this.#delivery.components.install(await loadComponent(name, this.#bundleOf(name), cut, this.#intake()));
      }
    });
  }

  /**
   * Replaces a component by that of another bundle of the same model. The present one serves until the new one has been
   * checked; where that fails nothing has changed.
   *
   * @param room bytes that the new one may take beside the old one
   * @throws FacetError `component-invalid`, `nothing-fits`, `invalid-argument`, `network` and others
   */
  swap(name: ComponentName, bundle: BundleSource, room: number, signal: AbortSignal): Promise<void> {
    requireComponent(this.names, name);
    return this.#changes.run(async () => {
      this.#delivery.hurry();
      await this.#delivery.components.arrival(name);
      const groups = planeGroups(bundle.manifest, name);
      const cut = cutWithin(groups, room - floatBytes(bundle.manifest, name));
      if (!cut) throw new FacetError('nothing-fits', `There is no room for another ${name} beside the present one.`);
      const present = this.#delivery.components.get(name)!;
      // The first component is refined until the delivery has ended.
      if (name === this.names[0]) await this.#settled;
      const next = await loadComponent(name, bundle, cut, { ...this.#intake(), signal });
      try {
        await this.turns.run(async () => {
          await requireAgreement(next, present);
          this.#delivery.components.install(next);
        });
      } catch (error) {
        next.part.destroy();
        throw error;
      }
      present.part.destroy();
    });
  }

  /** Beside the present component where both have room, else in its place. */
  async #rebuild(name: ComponentName, cut: PlaneCut, bytes: number): Promise<void> {
    const { components } = this.#delivery;
    const bundle = this.#bundleOf(name);
    const size = cutBytes(planeGroups(bundle.manifest, name), cut) + floatBytes(bundle.manifest, name);
    const { weightBytes, kvBytes, workBytes } = components.memory;
    const beside = weightBytes + kvBytes + workBytes + size <= bytes || !(await bundle.keeps(name, cut));
    const load = () => loadComponent(name, bundle, cut, this.#intake());
    if (beside) {
      const next = await load();
      const before = await this.turns.run(async () => components.install(next));
      before?.part.destroy();
      return;
    }
    await this.turns.run(async () => {
      components.remove(name);
      components.install(await load());
    });
  }

  /** Components that are not as the cut has them, or would not come any more. */
  #changed(cut: PlaneCut): ComponentName[] {
    return this.names.filter((name) => {
      const part = this.#delivery.components.get(name)?.part;
      if (!part && this.#delivery.halted) return true;
      const present = part?.cut ?? this.#delivery.cut;
      return planeGroups(this.#bundleOf(name).manifest, name).some(({ group }) => present.get(group) !== cut.get(group));
    });
  }

  async #haltDelivery(): Promise<void> {
    this.#delivery.halt();
    await this.#settled;
  }

  #intake(): Intake {
    return { signal: new AbortController().signal, onBytes: this.#onBytes, onFrame: this.#onFrame };
  }

  #bundleOf(name: ComponentName): BundleSource {
    return this.#delivery.components.get(name)?.part.bundle ?? this.#delivery.bundle;
  }

  #groups(): PlaneGroup[] {
    return this.names.flatMap((name) => planeGroups(this.#bundleOf(name).manifest, name));
  }

  /** Keys, values, activations and float32 tensors: what no cut changes. */
  #fixedBytes(): number {
    const floats = this.names.reduce((sum, name) => sum + floatBytes(this.#bundleOf(name).manifest, name), 0);
    const { kvBytes, workBytes } = this.#delivery.components.memory;
    return floats + kvBytes + workBytes;
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

