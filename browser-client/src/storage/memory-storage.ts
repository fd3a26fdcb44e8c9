import type { BlobStorage } from './blob-storage';

/** What pages without any storage may hold beside their models: enough to change precision without the network. */
const ROOM = 64 * 2 ** 20;

/** The page's own memory, for as long as it lives: where a browser refuses every other storage. */
export class MemoryStorage implements BlobStorage {
  readonly kind = 'memory';
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #room: number;
  #bytes = 0;

  constructor(room = ROOM) {
    this.#room = room;
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  async keys(): Promise<string[]> {
    return [...this.#blobs.keys()];
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#blobs.get(key)?.slice() ?? null;
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const before = this.#blobs.get(key)?.length ?? 0;
    if (this.#bytes - before + bytes.length > this.#room) throw new DOMException('There is no more room.', 'QuotaExceededError');
    this.#bytes += bytes.length - before;
    this.#blobs.set(key, bytes.slice());
  }

  async delete(key: string): Promise<void> {
    this.#bytes -= this.#blobs.get(key)?.length ?? 0;
    this.#blobs.delete(key);
  }
}
