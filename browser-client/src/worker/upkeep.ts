import type { ComponentChoice } from '../options';
import type { ComponentName } from '../runtime/components';
import type { MemoryBudget } from '../runtime/memory-budget';
import type { Resident } from './session';
import type { Results } from './protocol';

/** What is done to models while they run: components exchanged, loading steered. */
export class Upkeep {
  readonly #budget: MemoryBudget;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /**
   * Exchanges a component, or one after the other all that the model has. The present one serves until the new one has
   * been checked.
   *
   * @throws FacetError as `ResilientModel.swap`
   */
  async swap(
    { model, source, reservation }: Resident, component: ComponentName | null, { bits, revision }: ComponentChoice, signal: AbortSignal,
  ): Promise<Results['swap']> {
    const pin = { backend: model.plan.backend, ...(bits === undefined ? {} : { bits }) };
    const bundle = await source.bundle(pin, revision ?? null);
    for (const name of component === null ? model.components : [component]) {
      await model.swap(name, bundle, Math.max(0, reservation.spare), signal);
    }
    await this.#budget.settle();
    return { plan: model.plan, stats: model.stats() };
  }

  async steer({ model }: Resident, action: 'pause' | 'resume' | 'cancel'): Promise<Results['steer']> {
    model.steer(action);
    return { stats: model.stats() };
  }
}
