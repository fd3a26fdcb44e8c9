import { FacetError } from '../errors';
import { readFrames, type VerifiedFrame } from './frame-reader';
import { isTransient } from './http';
import { sha256, verifySha256 } from './integrity';
import type { ServiceClient } from './service-client';
import type { ShardCache } from './shard-cache';
import type { BundleManifest } from './wire';

/** Waits between attempts that brought nothing; the count of them is the number of further attempts. */
const BACKOFF_MS = [250, 1_000, 2_000, 4_000, 8_000] as const;
/** From this failure on frames are fetched one by one: some proxies cut or buffer long responses. */
const STREAM_ATTEMPTS = 2;

export interface FrameSourceOptions {
  readonly signal: AbortSignal;
  readonly cache: ShardCache | null;
  /** Told of payload bytes as they come in; a frame read again after a cut counts from 0 again. */
  readonly onBytes: (frame: number, bytes: number) => void;
}

/**
 * A bundle's frames in order, each verified: first those kept from earlier loads, then the framed stream, resumed after
 * the last whole frame when the line is cut, and single shards where the stream does not get through.
 */
export class FrameSource {
  readonly #service: ServiceClient;
  readonly #manifest: BundleManifest;
  readonly #options: FrameSourceOptions;

  constructor(service: ServiceClient, manifest: BundleManifest, options: FrameSourceOptions) {
    this.#service = service;
    this.#manifest = manifest;
    this.#options = options;
  }

  /** @throws FacetError `network`, `integrity`, `stream-malformed`, `service-problem`, `aborted` */
  async *frames(): AsyncGenerator<VerifiedFrame, void, void> {
    let next = 0;
    for await (const frame of this.#cached()) {
      yield frame;
      next = frame.index + 1;
    }
    let failures = 0;
    while (next < this.#manifest.frames.length) {
      try {
        for await (const frame of this.#fetched(next, failures >= STREAM_ATTEMPTS)) {
          yield frame;
          next = frame.index + 1;
          failures = 0;
          await this.#options.cache?.put(this.#manifest.frames[frame.index]!, frame.payload);
        }
      } catch (error) {
        await this.#retryLater(FacetError.from(error), failures++);
      }
    }
  }

  async *#cached(): AsyncGenerator<VerifiedFrame, void, void> {
    for (const [index, frame] of this.#manifest.frames.entries()) {
      const payload = await this.#options.cache?.get(frame);
      if (!payload || (await sha256(payload)) !== frame.sha256) return;
      this.#options.signal.throwIfAborted();
      yield { index, payload, cached: true };
    }
  }

  async *#fetched(next: number, alone: boolean): AsyncGenerator<VerifiedFrame, void, void> {
    const { signal, onBytes } = this.#options;
    if (alone) {
      yield await this.#shard(next);
      return;
    }
    const response = await this.#service.stream(this.#manifest.id, next - 1, signal);
    if (!response.body) throw new FacetError('network', 'The stream has no body.');
    let last = next - 1;
    for await (const frame of readFrames(response.body, this.#manifest.frames, next, onBytes)) {
      yield frame;
      last = frame.index;
    }
    if (last < this.#manifest.frames.length - 1) throw new FacetError('network', `The stream ended after frame ${last}.`);
  }

  async #shard(index: number): Promise<VerifiedFrame> {
    const { sha256: digest } = this.#manifest.frames[index]!;
    const response = await this.#service.shard(digest, this.#options.signal);
    const body = await response.arrayBuffer().catch((cause: unknown) => {
      throw new FacetError('network', `Shard ${index} was cut.`, { cause });
    });
    const payload = new Uint8Array(body);
    await verifySha256(payload, digest, `frame ${index}`);
    this.#options.onBytes(index, payload.length);
    return { index, payload, cached: false };
  }

  async #retryLater(error: FacetError, failures: number): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) throw new FacetError('aborted', 'The load was aborted.', { cause: error });
    const worthIt = isTransient(error) || error.code === 'stream-malformed' || error.code === 'integrity';
    if (!worthIt || failures >= BACKOFF_MS.length) throw error;
    await pause(BACKOFF_MS[failures]! * (0.75 + Math.random() / 2), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
