import type { Frame } from './wire';

/** Shards of earlier loads. Shards are named by their digest, so an entry never goes stale. */
export interface ShardCache {
  get(frame: Frame): Promise<Uint8Array<ArrayBuffer> | null>;
  put(frame: Frame, payload: Uint8Array<ArrayBuffer>): Promise<void>;
}

const NAME = 'facet-shards-1';

/** The browser's Cache Storage as a shard cache; without it, or without room in it, loads go to the network. */
export class BrowserShardCache implements ShardCache {
  readonly #cache: Cache;
  readonly #url: (sha256: string) => URL;
  #full = false;

  private constructor(cache: Cache, url: (sha256: string) => URL) {
    this.#cache = cache;
    this.#url = url;
  }

  /** @param url address of a shard alone; null where the browser has no Cache Storage */
  static async open(url: (sha256: string) => URL): Promise<BrowserShardCache | null> {
    try {
      return new BrowserShardCache(await caches.open(NAME), url);
    } catch {
      return null;
    }
  }

  async get(frame: Frame): Promise<Uint8Array<ArrayBuffer> | null> {
    const response = await this.#cache.match(this.#url(frame.sha256)).catch(() => undefined);
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  }

  async put(frame: Frame, payload: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#full) return;
    try {
      await this.#cache.put(this.#url(frame.sha256), new Response(payload));
    } catch {
      this.#full = true;
    }
  }
}
