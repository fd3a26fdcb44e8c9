import { expect, test } from 'vitest';
import type { FacetError } from '../../src/errors';
import { readFrames } from '../../src/transport/frame-reader';
import { framed } from '../fixtures/mesh';
import { random } from '../fixtures/random';
import { smallBundle } from '../fixtures/small-bundle';

const { manifest, blobs } = smallBundle([10, 500, 33]);
const FRAMES = manifest.frames;
const PAYLOADS = FRAMES.map(({ sha256 }) => blobs.get(sha256)!);
const IGNORED = { onBytes: () => undefined, onBegin: () => undefined };
const BYTES = Buffer.concat(PAYLOADS.map((payload, index) => framed(index, payload)));

test.each([1, 7, 39, 41, 1000])('frames are whole however the stream is chunked: %i bytes', async (size) => {
  const payloads = await collect(chunks(BYTES, size));

  expect(payloads.map((payload) => Buffer.from(payload))).toEqual(PAYLOADS.map((payload) => Buffer.from(payload)));
});

test('a stream that ends between frames ends the reading', async () => {
  expect(await collect(chunks(BYTES.subarray(0, 50), 16))).toHaveLength(1);
});

test.each([
  ['another index', framed(1, PAYLOADS[0]!), 'stream-malformed'],
  ['another length', framed(0, PAYLOADS[0]!.subarray(1)), 'stream-malformed'],
  ['another digest in the header', framed(0, PAYLOADS[0]!, 'ab'.repeat(32)), 'stream-malformed'],
  ['other bytes', framed(0, PAYLOADS[0]!.map((byte) => byte ^ 1), FRAMES[0]!.sha256), 'integrity'],
  ['half a frame', framed(0, PAYLOADS[0]!).subarray(0, 45), 'network'],
])('a stream with %s is refused', async (_, bytes, code) => {
  await expect(collect(chunks(bytes, 64))).rejects.toMatchObject({ code });
});

test('a flipped bit is found wherever it is: a thousand of a thousand', async () => {
  const next = random(5);
  let found = 0;
  for (let i = 0; i < 1000; i++) {
    const damaged = Uint8Array.from(BYTES);
    damaged[Math.floor(next() * damaged.length)]! ^= 1 << Math.floor(next() * 8);
    const code = await collect(chunks(damaged, 256)).then(() => null, (error: FacetError) => error.code);
    if (code === 'integrity' || code === 'stream-malformed') found++;
  }
  expect(found).toBe(1000);
});

function chunks(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const payloads: Uint8Array[] = [];
  for await (const { payload } of readFrames(stream, FRAMES, [...FRAMES.keys()], IGNORED)) payloads.push(payload);
  return payloads;
}
