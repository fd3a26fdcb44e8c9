import type { BlobStorage } from './blob-storage';

/** As workers have it; the DOM's types leave it out. */
interface SyncAccessHandle {
  getSize(): number;
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
  /** Gives the file another name at once. */
  move(name: string): Promise<void>;
}

const FOLDER = 'facet-blobs-1';
/** Ends the name of a file that is being written: only with its last byte does it get its own. */
const UNFINISHED = '.part';

/** The origin private file system: a file for each blob. */
export class OpfsStorage implements BlobStorage {
  readonly kind = 'opfs';
  readonly #folder: FileSystemDirectoryHandle;
  #writes = 0;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** Null where the browser has none, or does not give leave: some refuse it in private windows. */
  static async open(): Promise<OpfsStorage | null> {
    try {
      const root = await navigator.storage.getDirectory();
      const storage = new OpfsStorage(await root.getDirectoryHandle(FOLDER, { create: true }));
      await storage.#proveItWorks();
      return storage;
    } catch {
      return null;
    }
  }

  async keys(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (this.#folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
      if (!name.endsWith(UNFINISHED)) names.push(name);
    }
    return names;
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const handle = await this.#folder.getFileHandle(key).catch(() => null);
    return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // Tabs may write at the same time: each write has a file of its own until it is whole.
    const name = `${key}.${this.#writes++}.${crypto.randomUUID()}${UNFINISHED}`;
    const handle = (await this.#folder.getFileHandle(name, { create: true })) as WorkerFileHandle;
    try {
      await write(handle, bytes);
      await handle.move(key);
    } catch (error) {
      await this.delete(name);
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.#folder.removeEntry(key).catch(() => undefined);
  }

  /** Removes what a killed tab left unfinished; called where no other tab is known to write. */
  async sweep(olderThanMs: number): Promise<void> {
    const before = Date.now() - olderThanMs;
    for await (const name of (this.#folder as unknown as { keys(): AsyncIterable<string> }).keys()) {
      if (!name.endsWith(UNFINISHED)) continue;
      const file = await this.#folder.getFileHandle(name).then((handle) => handle.getFile()).catch(() => null);
      if (file && file.lastModified < before) await this.delete(name);
    }
  }

  async #proveItWorks(): Promise<void> {
    await this.put('probe', Uint8Array.of(1));
    const read = await this.get('probe');
    await this.delete('probe');
    if (read?.[0] !== 1) throw new Error('What was written cannot be read.');
  }
}

async function write(handle: WorkerFileHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const access = await handle.createSyncAccessHandle();
  try {
    if (access.write(bytes, { at: 0 }) < bytes.length) throw new DOMException('There is no more room.', 'QuotaExceededError');
    access.flush();
  } finally {
    access.close();
  }
}
