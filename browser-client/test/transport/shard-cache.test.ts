import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MemoryStorage } from '../../src/storage/memory-storage';
import { CHUNK_BYTES, StoredShards } from '../../src/transport/shard-cache';
import type { BundleManifest, Frame } from '../../src/transport/wire';
import { digest } from '../fixtures/bundle';

const SHARD = 100;
/** Room for so many shards. */
const ROOM = 4;
const NAMES = [...'abcdefghijklmnopqrstuvwxyz', 'stray'];
const SHARD_NAME = /^[0-9a-f]{64}$/;

/** Storage with a quota, which counts shards alone. */
class SmallStorage extends MemoryStorage {
  override async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const shards = (await this.keys()).filter((name) => SHARD_NAME.test(name));
    if (bytes.length === SHARD && shards.length >= ROOM && !shards.includes(key)) throw new DOMException('No room.', 'QuotaExceededError');
    await super.put(key, bytes);
  }
}

let storage: SmallStorage;

beforeEach(() => {
  storage = new SmallStorage();
  vi.useFakeTimers();
});

afterEach(() => {
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
  const cache = new StoredShards(storage);
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

test('the beginning of a shard is there until the shard is whole', async () => {
  const cache = new StoredShards(new MemoryStorage());
  const large = { ...frame('large'), bytes: 3 * CHUNK_BYTES };
  await cache.putChunk(large, 0, new Uint8Array(CHUNK_BYTES).fill(1));
  await cache.putChunk(large, 1, new Uint8Array(CHUNK_BYTES).fill(2));
  expect([...(await cache.begun())]).toEqual([large.sha256]);
  expect(await cache.kept()).toEqual(new Set());
  const beginning = (await cache.beginning(large))!;
  expect([beginning.length, beginning[0], beginning.at(-1)]).toEqual([2 * CHUNK_BYTES, 1, 2]);

  await cache.dropBeginning(large);
  expect(await cache.beginning(large)).toBeNull();
  expect(await cache.begun()).toEqual(new Set());
});

test('a ledger that cannot be read costs the shards that it named, nothing else', async () => {
  await load('old', ['a', 'b']);
  for (const key of await storage.keys()) if (!SHARD_NAME.test(key)) await storage.put(key, Uint8Array.of(123));
  await load('new', ['c', 'd', 'e']);

  expect(await kept()).toEqual(['c', 'd', 'e']);
});

async function load(id: string, digests: string[]): Promise<void> {
  vi.advanceTimersByTime(1000);
  const cache = new StoredShards(storage);
  await cache.use({ id, frames: digests.map(frame) } as unknown as BundleManifest);
  for (const digest of digests) await cache.put(frame(digest), payload());
}

/** Names of the shards that are there. */
async function kept(): Promise<string[]> {
  const digests = await new StoredShards(storage).kept();
  return NAMES.filter((name) => digests.has(frame(name).sha256));
}

function frame(name: string): Frame {
  return { sha256: digest(new TextEncoder().encode(name)), bytes: SHARD, stage: 'base' };
}

function payload(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(SHARD);
}
