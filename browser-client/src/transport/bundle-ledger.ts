import type { BlobStorage } from '../storage/blob-storage';

/** Which shards a bundle has, and when it was used. */
export interface LedgerEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly shards: readonly string[];
}

/** Before a bundle's id, in the name of its entry. */
const PREFIX = 'bundle-';

/** The browser's record of the bundles whose shards it keeps, beside them. */
export class BundleLedger {
  readonly #storage: BlobStorage;

  constructor(storage: BlobStorage) {
    this.#storage = storage;
  }

  async write(entry: LedgerEntry): Promise<void> {
    await this.#storage.put(nameOf(entry.id), new TextEncoder().encode(JSON.stringify(entry)));
  }

  async remove(id: string): Promise<void> {
    await this.#storage.delete(nameOf(id));
  }

  async oldestFirst(): Promise<LedgerEntry[]> {
    const names = (await this.#storage.keys()).filter((name) => name.startsWith(PREFIX));
    const entries = await Promise.all(names.map((name) => this.#read(name)));
    return entries.filter((entry) => entry !== null).sort((a, b) => a.usedAt - b.usedAt);
  }

  /** Null for an entry that cannot be read: its shards are named by nobody then, and go first. */
  async #read(name: string): Promise<LedgerEntry | null> {
    const bytes = await this.#storage.get(name);
    try {
      return JSON.parse(new TextDecoder().decode(bytes!)) as LedgerEntry;
    } catch {
      return null;
    }
  }
}

function nameOf(id: string): string {
  return PREFIX + encodeURIComponent(id);
}
