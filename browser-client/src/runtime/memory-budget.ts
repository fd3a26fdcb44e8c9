import { FacetError } from '../errors';
import type { Needs } from './residency';

/** A model that takes part of the memory. */
export interface Claim {
  /** The larger, the later its planes are taken back. */
  readonly priority: number;
  readonly needs: Needs;
  /** Makes it take at most so many bytes. */
  fit(bytes: number): Promise<void>;
}

/**
 * What each claim may take: its base planes first, then what refines it, by priority; among equals in the order in which
 * they came. Null where not even the base planes of all fit.
 */
export function shares(limit: number, claims: readonly Pick<Claim, 'priority' | 'needs'>[]): number[] | null {
  let left = limit - claims.reduce((sum, { needs }) => sum + needs.least, 0);
  if (left < 0) return null;
  const granted = claims.map(({ needs }) => needs.least);
  const order = [...claims.keys()].sort((a, b) => claims[b]!.priority - claims[a]!.priority || a - b);
  for (const index of order) {
    const { least, planned } = claims[index]!.needs;
    const more = Math.min(left, planned - least);
    granted[index]! += more;
    left -= more;
  }
  return granted;
}

/** Memory that models share. What a model takes is agreed on before anything of it is downloaded, and kept while it runs. */
export class MemoryBudget {
  readonly #claims = new Set<Claim>();
  #limit = Infinity;

  get limit(): number {
    return this.#limit;
  }

  /**
   * Changes the limit; models give planes back, the least useful first, or get them again.
   *
   * @throws FacetError `nothing-fits` where not even the base planes of all models fit: the old limit stands then
   */
  async setLimit(bytes: number): Promise<void> {
    const claims = [...this.#claims];
    const granted = shares(bytes, claims);
    if (!granted) throw new FacetError('nothing-fits', `The models need ${mebibytes(leastOf(claims))}; the budget would be ${mebibytes(bytes)}.`);
    this.#limit = bytes;
    await apply(claims, granted);
  }

  /** Bytes that nobody needs. */
  get free(): number {
    return this.#limit - [...this.#claims].reduce((sum, { needs }) => sum + needs.planned, 0);
  }

  /** A place among the models for one that is about to be loaded; it takes nothing until its needs are known. */
  reserve(priority: number): Reservation {
    const reservation = new Reservation(priority, this);
    this.#claims.add(reservation);
    return reservation;
  }

  /** Most that one of the claims could have, the others keeping their base planes. */
  mostFor(claim: Claim): number {
    return this.#limit - leastOf([...this.#claims].filter((other) => other !== claim));
  }

  /**
   * Grants what can be granted; others give planes back first.
   *
   * @throws FacetError `nothing-fits` where not even the base planes of all models fit
   */
  async settle(wanting?: Claim): Promise<number> {
    const claims = [...this.#claims];
    const granted = shares(this.#limit, claims);
    const least = wanting?.needs.least ?? 0;
    if (!granted) throw new FacetError('nothing-fits', `The model needs ${mebibytes(least)}; ${mebibytes(wanting ? this.mostFor(wanting) : 0)} are left.`);
    await apply(claims, granted);
    return wanting ? granted[claims.indexOf(wanting)]! : 0;
  }

  release(claim: Claim): void {
    this.#claims.delete(claim);
  }
}

/** A model's claim, from before it is loaded until it is gone. */
export class Reservation implements Claim {
  readonly priority: number;
  readonly #budget: MemoryBudget;
  #needs: () => Needs = () => ({ least: 0, planned: 0 });
  #fit: (bytes: number) => Promise<void> = async () => undefined;

  constructor(priority: number, budget: MemoryBudget) {
    this.priority = priority;
    this.#budget = budget;
  }

  get needs(): Needs {
    return this.#needs();
  }

  /** Bytes that it may have at most, were it alone with the base planes of the others. */
  get most(): number {
    return this.#budget.mostFor(this);
  }

  fit(bytes: number): Promise<void> {
    return this.#fit(bytes);
  }

  /**
   * Asks for memory before anything is downloaded.
   *
   * @returns bytes that it may take
   * @throws FacetError `nothing-fits`
   */
  async admit(needs: Needs): Promise<number> {
    this.#needs = () => needs;
    this.#fit = async () => undefined;
    try {
      return await this.#budget.settle(this);
    } catch (error) {
      this.#needs = () => ({ least: 0, planned: 0 });
      throw error;
    }
  }

  /** From now on the model itself says what it needs, and gives and takes. */
  bind(model: Pick<Claim, 'needs' | 'fit'>): void {
    this.#needs = () => model.needs;
    this.#fit = (bytes) => model.fit(bytes);
  }

  /** Bytes beyond what it has that nobody would have to give up. */
  get spare(): number {
    return this.#budget.free;
  }

  /** What it had is there for the others. */
  async release(): Promise<void> {
    this.#budget.release(this);
    await this.#budget.settle().catch(() => undefined);
  }
}

/** Those that give come before those that get. */
async function apply(claims: readonly Claim[], granted: readonly number[]): Promise<void> {
  const order = [...claims.keys()].sort((a, b) => granted[a]! - claims[a]!.needs.planned - (granted[b]! - claims[b]!.needs.planned));
  for (const index of order) await claims[index]!.fit(granted[index]!);
}

function leastOf(claims: readonly Pick<Claim, 'needs'>[]): number {
  return claims.reduce((sum, { needs }) => sum + needs.least, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
