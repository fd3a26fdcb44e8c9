import { FacetError } from '../errors';
import { Piece, readFrames, readRest, type VerifiedFrame } from './frame-reader';
import { frameSpans } from './frame-spans';
import { isTransient } from './http';
import { sha256 } from './integrity';
import type { ServiceClient } from './service-client';
import type { ShardCache } from './shard-cache';
import type { BundleManifest, Frame } from './wire';

/** Waits between attempts that brought nothing; the count of them is the number of further attempts of who is not patient. */
const BACKOFF_MS = [250, 1_000, 2_000, 4_000, 8_000] as const;
/** From this failure on frames are fetched one by one: some proxies cut or buffer long responses. */
const STREAM_ATTEMPTS = 2;
const PARTIAL_CONTENT = 206;

export interface FrameSourceOptions {
  readonly signal: AbortSignal;
  readonly cache: ShardCache | null;
  /** Told of payload bytes as they come in over the network. */
  readonly onBytes: (frame: number, bytes: number) => void;
  /** Whether to go on trying for as long as it takes: the model answers meanwhile. Default no. */
  readonly patient?: () => boolean;
}

/** A frame whose beginning has arrived. */
interface Begun {
  readonly index: number;
  readonly piece: Piece;
}

/**
 * A bundle's frames in order, each verified: those kept from earlier loads from the browser's store, the others by one
 * framed stream that has nothing else. When the line is cut, what has come stays: the frame that was cut is finished by
 * a range of its shard, the rest by another stream, or by single shards where streams do not get through.
 */
export class FrameSource {
  readonly #service: ServiceClient;
  readonly #manifest: BundleManifest;
  readonly #options: FrameSourceOptions;
  #begun: Begun | null = null;

  constructor(service: ServiceClient, manifest: BundleManifest, options: FrameSourceOptions) {
    this.#service = service;
    this.#manifest = manifest;
    this.#options = options;
  }

  /** @throws FacetError `network`, `integrity`, `stream-malformed`, `service-problem`, `aborted` */
  async *frames(): AsyncGenerator<VerifiedFrame, void, void> {
    const { frames } = this.#manifest;
    await this.#options.cache?.use(this.#manifest);
    const stored = await this.#stored();
    const kept = frames.map(({ sha256: digest }) => stored.has(digest));
    const fetched = this.#fetched([...frames.keys()].filter((index) => !kept[index]));
    try {
      for (const index of frames.keys()) {
        const cached = kept[index] ? await this.#cached(index) : null;
        this.#options.signal.throwIfAborted();
        if (cached) yield cached;
        else if (!kept[index]) yield (await fetched.next()).value as VerifiedFrame;
        else yield* this.#fetched([index]);
      }
      // A consumer that asks for more has taken the last frame: now it is stored.
      await fetched.next();
    } finally {
      await fetched.return();
    }
  }

  async #stored(): Promise<ReadonlySet<string>> {
    return (await this.#options.cache?.kept()) ?? new Set();
  }

  /** A frame of the browser's store; null where it is gone or not what it was. */
  async #cached(index: number): Promise<VerifiedFrame | null> {
    const frame = this.#manifest.frames[index]!;
    const payload = await this.#options.cache?.get(frame);
    if (!payload || (await sha256(payload)) !== frame.sha256) return null;
    return { index, payload, cached: true };
  }

  async *#fetched(wanted: readonly number[]): AsyncGenerator<VerifiedFrame, void, void> {
    let [next, failures] = [0, 0];
    while (next < wanted.length) {
      const had = this.#begunBytes(wanted[next]!);
      try {
        for await (const frame of this.#attempt(wanted.slice(next), failures >= STREAM_ATTEMPTS)) {
          this.#begun = null;
          yield frame;
          next++;
          failures = 0;
          await this.#options.cache?.put(this.#manifest.frames[frame.index]!, frame.payload);
        }
      } catch (error) {
        if (this.#begunBytes(wanted[next]!) > had) failures = 0;
        await this.#retryLater(FacetError.from(error), failures++);
      }
    }
  }

  /** Bytes of a frame that have come before the line was cut. */
  #begunBytes(index: number): number {
    return this.#begun?.index === index ? this.#begun.piece.filled : 0;
  }

  async *#attempt(wanted: readonly number[], alone: boolean): AsyncGenerator<VerifiedFrame, void, void> {
    if (alone || this.#begunBytes(wanted[0]!) > 0) yield await this.#shard(wanted[0]!);
    else yield* this.#streamed(wanted);
  }

  async *#streamed(wanted: readonly number[]): AsyncGenerator<VerifiedFrame, void, void> {
    const { frames, id } = this.#manifest;
    const { text, named } = frameSpans(wanted, frames.length);
    const response = await this.#service.stream(id, text, this.#options.signal);
    const onBegin = (index: number, piece: Piece) => void (this.#begun = { index, piece });
    const listener = { onBytes: this.#options.onBytes, onBegin };
    let read = 0;
    try {
      for await (const frame of readFrames(bodyOf(response), frames, wanted.slice(0, named), listener)) {
        yield frame;
        read++;
      }
    } catch (error) {
      throw this.#kept(error);
    }
    if (read < named) throw new FacetError('network', `The stream ended after ${read} of ${named} frames.`);
  }

  /** One frame by its own address, from where it was cut on. */
  async #shard(index: number): Promise<VerifiedFrame> {
    const frame = this.#manifest.frames[index]!;
    const response = await this.#service.shard(frame.sha256, this.#begunBytes(index), this.#options.signal);
    const piece = this.#pieceFor(response, index, frame);
    try {
      return await readRest(bodyOf(response), index, frame, piece, this.#options);
    } catch (error) {
      throw this.#kept(error);
    }
  }

  /** What the response goes on with: the frame's beginning, or nothing where the range was not heeded. */
  #pieceFor(response: Response, index: number, frame: Frame): Piece {
    if (this.#begun?.index !== index || response.status !== PARTIAL_CONTENT) {
      this.#begun = { index, piece: new Piece(frame.bytes) };
    }
    return this.#begun.piece;
  }

  /** The failure; after any but a cut the bytes that have come are not to be trusted. */
  #kept(error: unknown): FacetError {
    const failure = FacetError.from(error);
    if (failure.code !== 'network') this.#begun = null;
    return failure;
  }

  async #retryLater(error: FacetError, failures: number): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) throw new FacetError('aborted', 'The load was aborted.', { cause: error });
    const worthIt = isTransient(error) || error.code === 'stream-malformed' || error.code === 'integrity';
    if (!worthIt || (failures >= BACKOFF_MS.length && !this.#options.patient?.())) throw error;
    const wait = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]!;
    await pause(wait * (0.75 + Math.random() / 2), signal);
  }
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  if (!response.body) throw new FacetError('network', 'The response has no body.');
  return response.body;
}

/** Waits; no longer than until the device is on line again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      globalThis.removeEventListener?.('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    globalThis.addEventListener?.('online', done, { once: true });
  });
}
