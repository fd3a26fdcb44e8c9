import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameSource } from '../../src/transport/frame-source';
import { ServiceClient } from '../../src/transport/service-client';
import type { ShardCache } from '../../src/transport/shard-cache';
import { TestMesh } from '../fixtures/mesh';
import { smallBundle } from '../fixtures/small-bundle';

const BUNDLE = smallBundle([100, 40_000, 3, 70_000, 16, 9_000]);
const WHOLE = [0, 1, 2, 3, 4, 5];

let mesh: TestMesh;
let service: ServiceClient;

beforeEach(async () => {
  mesh = new TestMesh([BUNDLE]);
  service = new ServiceClient(await mesh.start());
});

afterEach(() => mesh.stop());

describe('frames', () => {
  test('arrive in order with the bytes announced', async () => {
    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?after=-1']);
  });

  test('go on after the last whole frame when the line is cut', async () => {
    mesh.faults = { cutStream: (stream) => (stream === 0 ? 90_000 : null) };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?after=-1', 'small~1?after=2']);
    expect(mesh.shards).toEqual([]);
  });

  test('come one by one where streams do not get through', async () => {
    mesh.faults = { cutStream: () => 20 };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.shards.length).toBeGreaterThan(0);
  }, 60_000);

  test('are fetched again when a byte was changed on the way, and the changed ones never seen', async () => {
    mesh.faults = { damage: (stream, frame) => stream === 0 && frame === 3 };

    expect(await received()).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?after=-1', 'small~1?after=2']);
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
    cache.kept.get(BUNDLE.manifest.frames[4]!.sha256)![0]! ^= 1;

    expect(await received({ cache })).toEqual(WHOLE);
    expect(mesh.streams).toEqual(['small~1?after=-1', 'small~1?after=3']);
  });
});

class MemoryCache implements ShardCache {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>();

  async get({ sha256 }: { sha256: string }) {
    return this.kept.get(sha256)?.slice() ?? null;
  }

  async put({ sha256 }: { sha256: string }, payload: Uint8Array<ArrayBuffer>) {
    this.kept.set(sha256, payload.slice());
  }
}

/** Indices of the frames that came, each compared with what was published. */
async function received({ signal = new AbortController().signal, cache = null as ShardCache | null } = {}): Promise<number[]> {
  const source = new FrameSource(service, BUNDLE.manifest, { signal, cache, onBytes: () => undefined });
  const indices: number[] = [];
  for await (const { index, payload } of source.frames()) {
    expect(Buffer.from(payload).equals(BUNDLE.blobs.get(BUNDLE.manifest.frames[index]!.sha256)!)).toBe(true);
    indices.push(index);
  }
  return indices;
}
