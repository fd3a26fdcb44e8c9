import type { BlobStorage } from './blob-storage';
import { CacheBlobStorage } from './cache-storage';
import { MemoryStorage } from './memory-storage';
import { OpfsStorage } from './opfs-storage';

/** Older than any write that is still going on. */
const ABANDONED_MS = 60_000;

let opened: Promise<BlobStorage> | null = null;

/** The best storage that this browser has and gives leave to use; the same for all who ask in one worker. */
export function browserStorage(): Promise<BlobStorage> {
  return (opened ??= openStorage());
}

/** The origin private file system, else Cache Storage, else the page's memory. */
export async function openStorage(): Promise<BlobStorage> {
  const opfs = await OpfsStorage.open();
  void opfs?.sweep(ABANDONED_MS).catch(() => undefined);
  return opfs ?? (await CacheBlobStorage.open()) ?? new MemoryStorage();
}
