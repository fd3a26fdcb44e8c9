import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BlobStorage } from '../../src/storage/blob-storage';
import { openStorage } from '../../src/storage/browser-storage';
import { MemoryStorage } from '../../src/storage/memory-storage';
import { FakeCaches } from '../fixtures/fake-caches';
import { FakeOpfs } from '../fixtures/fake-opfs';

afterEach(() => vi.unstubAllGlobals());

function browserWith({ opfs = null as FakeOpfs | null, caches = null as FakeCaches | null }): void {
  vi.stubGlobal('navigator', { storage: opfs ?? {} });
  vi.stubGlobal('caches', caches ?? undefined);
}

describe.each([
  ['opfs', { opfs: new FakeOpfs(), caches: new FakeCaches() }],
  ['cache', { caches: new FakeCaches() }],
  ['memory', {}],
])('%s', (kind, browser) => {
  const open = async (): Promise<BlobStorage> => {
    browserWith(browser);
    return openStorage();
  };

  test('is what such a browser has', async () => {
    expect((await open()).kind).toBe(kind);
  });

  test('gives back what was put, under names of any letters, until it is deleted', async () => {
    const storage = await open();
    await storage.put('bundle-a~b%20c', Uint8Array.of(1, 2, 3));
    await storage.put('other', Uint8Array.of(4));
    await storage.put('other', Uint8Array.of(5));

    expect((await storage.keys()).sort()).toEqual(['bundle-a~b%20c', 'other']);
    expect(await storage.get('bundle-a~b%20c')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await storage.get('other')).toEqual(Uint8Array.of(5));
    await storage.delete('other');
    await storage.delete('never there');
    expect(await storage.get('other')).toBeNull();
    expect(await storage.keys()).toEqual(['bundle-a~b%20c']);
  });
});

test('a write that a killed tab left half done is not there, and what was before it is', async () => {
  const opfs = new FakeOpfs();
  browserWith({ opfs });
  const storage = await openStorage();
  await storage.put('shard', Uint8Array.of(1, 2));
  opfs.killed = true;
  await storage.put('shard', new Uint8Array(100)).catch(() => undefined);
  await storage.put('new', new Uint8Array(100)).catch(() => undefined);

  expect(await storage.keys()).toEqual(['shard']);
  expect(await storage.get('shard')).toEqual(Uint8Array.of(1, 2));
});

test('a browser that gives leave for storage but does not keep what is written has the next best', async () => {
  const opfs = new FakeOpfs();
  opfs.killed = true;
  browserWith({ opfs, caches: new FakeCaches() });

  expect((await openStorage()).kind).toBe('cache');
});

test('memory has no more room than it was given', async () => {
  const storage = new MemoryStorage(10);
  await storage.put('a', new Uint8Array(6));
  await storage.put('a', new Uint8Array(8));

  await expect(storage.put('b', new Uint8Array(3))).rejects.toMatchObject({ name: 'QuotaExceededError' });
  expect(storage.bytes).toBe(8);
});
