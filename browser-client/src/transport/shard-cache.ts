import type { BlobStorage } from '../storage/blob-storage';
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
  /** Digests of shards of which the beginning is there. */
  begun(): Promise<ReadonlySet<string>>;
  /** The beginning of a shard whose load was broken off; null where there is none. */
  beginning(frame: Frame): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps a shard's n-th chunk of `CHUNK_BYTES`, so that a killed tab has not to fetch it again. */
  putChunk(frame: Frame, chunk: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets the beginning of a shard: it is whole, or it was wrong. */
  dropBeginning(frame: Frame): Promise<void>;
}

/** What a killed tab loses of a shard at most, besides what was on the line. */
export const CHUNK_BYTES = 128 * 1024;

const SHARD = /^[0-9a-f]{64}$/;
const CHUNK = /^([0-9a-f]{64})\.(\d+)$/;

/**
 * A shard cache in the browser's storage. Where there is no more room, shards go that no bundle names, then those of the
 * bundle that was not used for longest, unless another one names them too.
 */
export class StoredShards implements ShardCache {
  readonly #storage: BlobStorage;
  readonly #ledger: BundleLedger;
  #bundle = '';
  #present: ReadonlySet<string> = new Set();
  #full = false;

  constructor(storage: BlobStorage) {
    this.#storage = storage;
    this.#ledger = new BundleLedger(storage);
  }

  async use({ id, frames }: BundleManifest): Promise<void> {
    this.#bundle = id;
    this.#present = new Set(frames.map(({ sha256 }) => sha256));
    await this.#ledger.write({ id, usedAt: Date.now(), shards: [...this.#present] }).catch(() => undefined);
  }

  async kept(): Promise<ReadonlySet<string>> {
    return new Set((await this.#keys()).filter((key) => SHARD.test(key)));
  }

  async get({ sha256 }: Frame): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#storage.get(sha256).catch(() => null);
  }

  async put({ sha256 }: Frame, payload: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#store(sha256, payload);
  }

  async begun(): Promise<ReadonlySet<string>> {
    return new Set((await this.#keys()).flatMap((key) => CHUNK.exec(key)?.[1] ?? []));
  }

  async beginning({ sha256, bytes }: Frame): Promise<Uint8Array<ArrayBuffer> | null> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const chunk = await this.#storage.get(`${sha256}.${chunks.length}`).catch(() => null);
      if (chunk?.length !== CHUNK_BYTES) break;
      chunks.push(chunk);
    }
    if (chunks.length === 0 || chunks.length * CHUNK_BYTES >= bytes) return null;
    const beginning = new Uint8Array(chunks.length * CHUNK_BYTES);
    chunks.forEach((chunk, i) => beginning.set(chunk, i * CHUNK_BYTES));
    return beginning;
  }

  async putChunk({ sha256 }: Frame, chunk: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#store(`${sha256}.${chunk}`, bytes);
  }

  async dropBeginning({ sha256, bytes }: Frame): Promise<void> {
    for (let chunk = 0; chunk * CHUNK_BYTES < bytes; chunk++) await this.#storage.delete(`${sha256}.${chunk}`).catch(() => undefined);
  }

  async #keys(): Promise<string[]> {
    return this.#storage.keys().catch(() => []);
  }

  /** Stores if there is room, or room can be made. */
  async #store(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    while (!this.#full) {
      try {
        await this.#storage.put(key, bytes);
        return;
      } catch {
        this.#full = !(await this.#makeRoom().catch(() => false));
      }
    }
  }

  /** Removes what is needed least; false where all that is there belongs to the present bundle. */
  async #makeRoom(): Promise<boolean> {
    const keys = (await this.#keys()).map((key) => ({ key, digest: CHUNK.exec(key)?.[1] ?? key })).filter(({ digest }) => SHARD.test(digest));
    const bundles = (await this.#ledger.oldestFirst()).filter(({ id }) => id !== this.#bundle);
    for (let leave = 0; leave <= bundles.length; leave++) {
      const named = new Set([...this.#present, ...bundles.slice(leave).flatMap(({ shards }) => shards)]);
      const unnamed = keys.filter(({ digest }) => !named.has(digest));
      if (leave > 0) await this.#ledger.remove(bundles[leave - 1]!.id);
      for (const { key } of unnamed) await this.#storage.delete(key);
      if (unnamed.length > 0) return true;
    }
    return false;
  }
}
