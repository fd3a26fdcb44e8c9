import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrowserShardCache } from '../../src/transport/shard-cache';
import type { BundleManifest, Frame } from '../../src/transport/wire';

const SHARD = 100;
/** Room for so many shards. */
const ROOM = 4;

/** Cache Storage with a quota, which counts shards alone. */
class SmallStorage {
  readonly #caches = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();

  async open(name: string) {
    const entries = this.#caches.get(name) ?? new Map<string, Uint8Array<ArrayBuffer>>();
    this.#caches.set(name, entries);
    const response = (bytes: Uint8Array<ArrayBuffer> | undefined) => (bytes ? new Response(bytes) : undefined);
    return {
      keys: async () => [...entries.keys()].map((url) => ({ url })),
      match: async (url: URL) => response(entries.get(String(url))),
      matchAll: async () => [...entries.values()].map((bytes) => response(bytes)),
      delete: async (url: URL | string) => entries.delete(String(url)),
      put: async (url: URL | string, given: Response) => {
        const bytes = new Uint8Array(await given.arrayBuffer());
        if (bytes.length === SHARD && entries.size >= ROOM && !entries.has(String(url))) throw new DOMException('No room.', 'QuotaExceededError');
        entries.set(String(url), bytes);
      },
    };
  }
}

beforeEach(() => {
  vi.stubGlobal('caches', new SmallStorage());
  vi.useFakeTimers();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('shards of the bundle that was not used for longest make room, those that another names stay', async () => {
  await load('old', ['a', 'b']);
  await load('newer', ['b', 'c']);
  await load('newest', ['d', 'e']);

  expect(await kept()).toEqual(['b', 'c', 'd', 'e']);
  await load('newer', ['b', 'c']);
  await load('last', ['f', 'g']);
  expect(await kept(), 'newest was not used since').toEqual(['b', 'c', 'f', 'g']);
});

test('shards that no bundle names go first', async () => {
  const cache = await opened();
  await cache.put(frame('stray'), payload());
  await load('old', ['a', 'b', 'c']);
  await load('new', ['d']);

  expect(await kept()).toEqual(['a', 'b', 'c', 'd']);
});

test('a bundle that is larger than the room keeps what fits, and nothing of its own is removed for it', async () => {
  await load('old', ['x']);
  await load('large', ['a', 'b', 'c', 'd', 'e', 'f']);

  expect(await kept()).toEqual(['a', 'b', 'c', 'd']);
});

test('without Cache Storage there is no cache', async () => {
  vi.stubGlobal('caches', undefined);

  expect(await BrowserShardCache.open(address)).toBeNull();
});

async function load(id: string, digests: string[]): Promise<void> {
  vi.advanceTimersByTime(1000);
  const cache = await opened();
  await cache.use({ id, frames: digests.map(frame) } as unknown as BundleManifest);
  for (const digest of digests) await cache.put(frame(digest), payload());
}

async function kept(): Promise<string[]> {
  return [...(await (await opened()).kept())].sort();
}

async function opened(): Promise<BrowserShardCache> {
  return (await BrowserShardCache.open(address))!;
}

function address(digest: string): URL {
  return new URL(`https://facet.test/v1/shards/${digest}`);
}

function frame(sha256: string): Frame {
  return { sha256, bytes: SHARD, stage: 'base' };
}

function payload(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(SHARD);
}
