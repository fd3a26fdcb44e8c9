/** Named bytes that outlive the page. A put is whole or not at all, even where the tab is killed in the middle of it. */
export interface BlobStorage {
  readonly kind: 'opfs' | 'cache' | 'memory';
  /** Names of what is there whole. */
  keys(): Promise<string[]>;
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** @throws where there is no room, or no leave */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
}
