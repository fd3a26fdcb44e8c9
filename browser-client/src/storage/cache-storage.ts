import type { BlobStorage } from './blob-storage';

const NAME = 'facet-blobs-1';
/** Cache Storage names entries by addresses; nothing is fetched from these. */
const ADDRESS = 'https://blobs.invalid/';

/** The browser's Cache Storage. A response is stored whole or not at all. */
export class CacheBlobStorage implements BlobStorage {
  readonly kind = 'cache';
  readonly #cache: Cache;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Null where the browser has none, or does not give leave. */
  static async open(): Promise<CacheBlobStorage | null> {
    try {
      return new CacheBlobStorage(await caches.open(NAME));
    } catch {
      return null;
    }
  }

  async keys(): Promise<string[]> {
    return (await this.#cache.keys()).map(({ url }) => decodeURIComponent(url.slice(ADDRESS.length)));
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const response = await this.#cache.match(addressOf(key));
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#cache.put(addressOf(key), new Response(bytes));
  }

  async delete(key: string): Promise<void> {
    await this.#cache.delete(addressOf(key));
  }
}

function addressOf(key: string): string {
  return ADDRESS + encodeURIComponent(key);
}
