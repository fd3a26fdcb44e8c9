import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameSource } from '../../src/transport/frame-source';
import { frameSpans } from '../../src/transport/frame-spans';
import { ServiceClient } from '../../src/transport/service-client';
import { MemoryStorage } from '../../src/storage/memory-storage';
import { CHUNK_BYTES, type ShardCache } from '../../src/transport/shard-cache';
import type { TestBundle } from '../fixtures/bundle';
import { MemoryCache } from '../fixtures/memory-cache';
import { TestMesh } from '../fixtures/mesh';
import { random } from '../fixtures/random';
import { smallBundle } from '../fixtures/small-bundle';

const BYTES = [100, 40_000, 3, 70_000, 16, 9_000];
const TOTAL = BYTES.reduce((sum, bytes) => sum + bytes);
const WHOLE = [0, 1, 2, 3, 4, 5];

let bundle: TestBundle;
let mesh: TestMesh;
let service: ServiceClient;

beforeEach(() => serve(smallBundle(BYTES)));

afterEach(() => mesh.stop());

async function serve(wanted: TestBundle): Promise<void> {
  await mesh?.stop();
  bundle = wanted;
  mesh = new TestMesh([bundle]);
  service = new ServiceClient(await mesh.start());
}

async function damageKept({ storage }: MemoryCache, index: number): Promise<void> {
  const bytes = (await storage.get(digestOf(index)))!;
  bytes[0]! ^= 1;
  await storage.put(digestOf(index), bytes);
}

function digestOf(index: number): string {
  return bundle.manifest.frames[index]!.sha256;
}

describe('frames', () => {
  test('arrive in order with the bytes announced', async () => {
    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?frames=0-']);
  });

  test('go on in the middle of a frame when the line is cut', async () => {
    mesh.faults = { cutStream: (stream) => (stream === 0 ? 90_000 : null) };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?frames=0-', 'small~1?frames=4-']);
    expect(mesh.shards).toEqual([digestOf(3)]);
  });

  test('go on with the next one when the line is cut between two', async () => {
    mesh.faults = { cutStream: (stream) => (stream === 0 ? 40 + 100 + 40 + 40_000 : null) };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?frames=0-', 'small~1?frames=2-']);
    expect(mesh.shards).toEqual([]);
  });

  test('are finished from the start where a proxy does not heed ranges', async () => {
    mesh.faults = { cutStream: (stream) => (stream === 0 ? 90_000 : null), ignoreRanges: true };

    expect(await received()).toEqual(WHOLE);
  });

  test('come one by one where streams do not get through', async () => {
    mesh.faults = { cutStream: () => 20 };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.shards.length).toBeGreaterThan(0);
  }, 60_000);

  test('are fetched again when a byte was changed on the way, and the changed ones never seen', async () => {
    mesh.faults = { damage: (stream, frame) => stream === 0 && frame === 3 };

    const damaged: number[] = [];
    expect(await received({ onDamage: (frame) => damaged.push(frame) })).toEqual(WHOLE);
    expect(mesh.streams, 'the stream goes on').toEqual(['small~1?frames=0-']);
    expect(mesh.shards, 'by itself, past caches on the way').toEqual([digestOf(3)]);
    expect(damaged).toEqual([3]);
  });

  test('outlast a service that is away for a moment', async () => {
    mesh.faults = { refuseStream: (stream) => (stream === 0 ? 503 : null) };

    expect(await received()).toEqual(WHOLE);
  });

  test('fail at once when the service refuses for good', async () => {
    mesh.faults = { refuseStream: () => 404 };

    await expect(received()).rejects.toMatchObject({ code: 'service-problem', message: 'refused by the test' });
    expect(mesh.streams).toHaveLength(1);
  });

  test('stop when the load is aborted', async () => {
    const stop = new AbortController();
    mesh.faults = { cutStream: () => 20 };
    setTimeout(() => stop.abort(), 50);

    await expect(received({ signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('that are kept come from the cache, damaged ones do not', async () => {
    const cache = new MemoryCache();
    await received({ cache });
    await damageKept(cache, 4);

    expect(await received({ cache })).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?frames=0-', 'small~1?frames=4']);
    expect(await received({ cache }), 'the store is whole again').toEqual(WHOLE);
    expect(mesh.streams).toHaveLength(2);
  });

  test('that are kept are not fetched again, wherever they stand', async () => {
    const cache = new MemoryCache();
    await received({ cache });
    for (const index of [0, 3, 4]) await cache.storage.delete(digestOf(index));

    expect(await received({ cache })).toEqual(WHOLE);
    expect(mesh.streams[1]).toBe('small~1?frames=0,3-4');
    expect(mesh.payloadBytes).toBe(TOTAL + 100 + 70_000 + 16);
    expect((await cache.kept()).size).toBe(6);
  });

  test('are found altered a thousand times of a thousand, fetched again, and told of', async () => {
    const next = random(7);
    await serve(smallBundle(Array.from({ length: 1000 }, () => 200 + Math.floor(next() * 800))));
    mesh.faults = { damage: () => true };
    const told: number[] = [];

    expect(await received({ onDamage: (frame) => told.push(frame) })).toHaveLength(1000);
    expect(told).toEqual(Array.from({ length: 1000 }, (_, frame) => frame));
  }, 20_000);

  test('of a tab that is killed are taken up by the next one where they were', async () => {
    const sizes = [1000, 3 * 2 ** 20, 5000, 2 * 2 ** 20, 900_000];
    await serve(smallBundle(sizes));
    const storage = new MemoryStorage();
    const total = sizes.reduce((sum, bytes) => sum + bytes);
    const next = random(11);
    for (let kill = 0; kill < 4; kill++) {
      const tab = new AbortController();
      const quarter = (total * (kill + next())) / 4;
      let seen = mesh.payloadBytes;
      await received({ cache: new MemoryCache(storage), signal: tab.signal, onBytes: (bytes) => (seen += bytes) > quarter && tab.abort() }).catch(() => undefined);
      // What the line carried beyond what the tab had taken in is the line's loss, not the store's.
      mesh.payloadBytes = seen;
    }
    expect(await received({ cache: new MemoryCache(storage) })).toEqual([0, 1, 2, 3, 4]);
    expect(mesh.payloadBytes - total).toBeLessThanOrEqual(4 * CHUNK_BYTES);
  }, 20_000);

  test('are sent once each, but for what was under way when the line was cut four times', async () => {
    const next = random(4);
    const cuts = Array.from({ length: 4 }, () => Math.floor(next() * 8 * 2 ** 20));
    await serve(smallBundle([500_000, 4 * 2 ** 20, 100_000, 4 * 2 ** 20, 3 * 2 ** 20, 4 * 2 ** 20]));
    mesh.faults = { cutStream: (stream) => cuts[stream] ?? null };

    expect(await received()).toEqual(WHOLE);
    const total = bundle.manifest.frames.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(mesh.streams.length).toBeGreaterThan(1);
    expect(mesh.payloadBytes - total).toBeLessThanOrEqual(2 ** 20);
  });
});

test.each([
  [[0, 1, 2, 3], '0-', 4], [[3], '3-', 1], [[0, 2, 3], '0,2-', 3], [[0, 1], '0-1', 2], [[1], '1', 1],
])('frames %j of four are named %s', (frames, text, named) => {
  expect(frameSpans(frames, 4)).toEqual({ text, named });
});

test('more frames than an address can name are named in part', () => {
  const odd = Array.from({ length: 2000 }, (_, i) => 2 * i + 1);
  const { text, named } = frameSpans(odd, 4000);

  expect(text.length).toBeLessThanOrEqual(2000);
  expect(text.split(',').map(Number)).toEqual(odd.slice(0, named));
});

/** Indices of the frames that came, each compared with what was published. */
async function received(
  { signal = new AbortController().signal, cache = null as ShardCache | null, onDamage = (_: number): void => undefined, onBytes = (_: number): unknown => undefined } = {},
): Promise<number[]> {
  const source = new FrameSource(service, bundle.manifest, { signal, cache, onBytes: (_, bytes) => void onBytes(bytes), onDamage });
  const indices: number[] = [];
  for await (const { index, payload } of source.frames()) {
    expect(Buffer.from(payload).equals(bundle.blobs.get(bundle.manifest.frames[index]!.sha256)!)).toBe(true);
    indices.push(index);
  }
  return indices;
}
