import { BundleLedger } from './bundle-ledger';
import type { BundleManifest, Frame } from './wire';

/** Shards of earlier loads. Shards are named by their digest, so an entry never goes stale. */
export interface ShardCache {
  /** Tells that a bundle is used now: its shards are the last to go. */
  use(manifest: BundleManifest): Promise<void>;
  /** Digests of what is there. */
  kept(): Promise<ReadonlySet<string>>;
  get(frame: Frame): Promise<Uint8Array<ArrayBuffer> | null>;
  put(frame: Frame, payload: Uint8Array<ArrayBuffer>): Promise<void>;
}

const NAME = 'facet-shards-1';

/**
 * The browser's Cache Storage as a shard cache; without it, loads go to the network. Where there is no more room, shards go
 * that no bundle names, then those of the bundle that was not used for longest, unless another one names them too.
 */
export class BrowserShardCache implements ShardCache {
  readonly #cache: Cache;
  readonly #ledger: BundleLedger;
  readonly #url: (sha256: string) => URL;
  #bundle = '';
  #present: ReadonlySet<string> = new Set();
  #full = false;

  private constructor(cache: Cache, ledger: BundleLedger, url: (sha256: string) => URL) {
    this.#cache = cache;
    this.#ledger = ledger;
    this.#url = url;
  }

  /** @param url address of a shard alone; null where the browser has no Cache Storage */
  static async open(url: (sha256: string) => URL): Promise<BrowserShardCache | null> {
    try {
      return new BrowserShardCache(await caches.open(NAME), await BundleLedger.open(), url);
    } catch {
      return null;
    }
  }

  async use({ id, frames }: BundleManifest): Promise<void> {
    this.#bundle = id;
    this.#present = new Set(frames.map(({ sha256 }) => sha256));
    await this.#ledger.write({ id, usedAt: Date.now(), shards: [...this.#present] }).catch(() => undefined);
  }

  async kept(): Promise<ReadonlySet<string>> {
    const requests = await this.#cache.keys().catch(() => []);
    return new Set(requests.map(({ url }) => url.slice(url.lastIndexOf('/') + 1)));
  }

  async get(frame: Frame): Promise<Uint8Array<ArrayBuffer> | null> {
    const response = await this.#cache.match(this.#url(frame.sha256)).catch(() => undefined);
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  }

  async put({ sha256 }: Frame, payload: Uint8Array<ArrayBuffer>): Promise<void> {
    while (!this.#full) {
      try {
        await this.#cache.put(this.#url(sha256), new Response(payload));
        return;
      } catch {
        this.#full = !(await this.#makeRoom().catch(() => false));
      }
    }
  }

  /** Removes what is needed least; false where all that is there belongs to the present bundle. */
  async #makeRoom(): Promise<boolean> {
    const kept = await this.kept();
    const bundles = (await this.#ledger.oldestFirst()).filter(({ id }) => id !== this.#bundle);
    for (let leave = 0; leave <= bundles.length; leave++) {
      const named = new Set([...this.#present, ...bundles.slice(leave).flatMap(({ shards }) => shards)]);
      const unnamed = [...kept].filter((digest) => !named.has(digest));
      if (leave > 0) await this.#ledger.remove(bundles[leave - 1]!.id);
      for (const digest of unnamed) await this.#cache.delete(this.#url(digest));
      if (unnamed.length > 0) return true;
    }
    return false;
  }
}
