/** Which shards a bundle has, and when it was used. */
export interface LedgerEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly shards: readonly string[];
}

const NAME = 'facet-bundles-1';
/** Cache Storage names entries by addresses; nothing is fetched from these. */
const ADDRESS = 'https://bundles.invalid/';

/** The browser's record of the bundles whose shards it keeps, in Cache Storage beside them. */
export class BundleLedger {
  readonly #cache: Cache;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  static async open(): Promise<BundleLedger> {
    return new BundleLedger(await caches.open(NAME));
  }

  async write(entry: LedgerEntry): Promise<void> {
    await this.#cache.put(addressOf(entry.id), new Response(JSON.stringify(entry)));
  }

  async remove(id: string): Promise<void> {
    await this.#cache.delete(addressOf(id));
  }

  async oldestFirst(): Promise<LedgerEntry[]> {
    const responses = await this.#cache.matchAll();
    const entries = await Promise.all(responses.map((response) => response.json() as Promise<LedgerEntry>));
    return entries.sort((a, b) => a.usedAt - b.usedAt);
  }
}

function addressOf(id: string): string {
  return ADDRESS + encodeURIComponent(id);
}
