import { FacetError } from '../errors';
import { Piece, readFrames, readRest, type VerifiedFrame } from './frame-reader';
import { frameSpans } from './frame-spans';
import { isTransient } from './http';
import { sha256 } from './integrity';
import type { ServiceClient } from './service-client';
import { CHUNK_BYTES, type ShardCache } from './shard-cache';
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
  /** Told of a frame whose bytes were altered on their way, or in the browser's store. */
  readonly onDamage?: ((frame: number) => void) | undefined;
  /** Whether to go on trying for as long as it takes: the model answers meanwhile. Default no. */
  readonly patient?: (() => boolean) | undefined;
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
  /** Digests of frames whose beginning is kept from a load that was broken off. */
  #keptBeginnings: ReadonlySet<string> = new Set();
  /** Chunks on their way to the store. */
  #storing: Promise<void> = Promise.resolve();
  /** A frame that came altered: it is asked for again by itself, past every cache on the way. */
  #distrusted = -1;

  constructor(service: ServiceClient, manifest: BundleManifest, options: FrameSourceOptions) {
    this.#service = service;
    this.#manifest = manifest;
    this.#options = options;
  }

  /**
   * @param wanted numbers of frames, ascending; all where nothing is said
   * @throws FacetError `network`, `integrity`, `stream-malformed`, `service-problem`, `aborted`
   */
  async *frames(wanted: readonly number[] = [...this.#manifest.frames.keys()]): AsyncGenerator<VerifiedFrame, void, void> {
    const { frames } = this.#manifest;
    await this.#options.cache?.use(this.#manifest);
    const stored = await this.#stored();
    this.#keptBeginnings = (await this.#options.cache?.begun()) ?? new Set();
    const kept = frames.map(({ sha256: digest }) => stored.has(digest));
    const fetched = this.#fetched(wanted.filter((index) => !kept[index]));
    try {
      for (const index of wanted) {
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
    if (!payload) return null;
    if ((await sha256(payload)) !== frame.sha256) {
      this.#options.onDamage?.(index);
      return null;
    }
    return { index, payload, cached: true };
  }

  async *#fetched(wanted: readonly number[]): AsyncGenerator<VerifiedFrame, void, void> {
    let [next, failures] = [0, 0];
    while (next < wanted.length) {
      await this.#recallBeginning(wanted[next]!);
      const had = this.#begunBytes(wanted[next]!);
      try {
        for await (const frame of this.#attempt(this.#run(wanted, next), failures >= STREAM_ATTEMPTS)) {
          this.#begun = null;
          yield frame;
          next++;
          failures = 0;
          await this.#store(frame);
        }
      } catch (error) {
        const failure = FacetError.from(error);
        if (failure.code === 'integrity') this.#damaged(wanted[next]!);
        if (this.#begunBytes(wanted[next]!) > had) failures = 0;
        await this.#retryLater(failure, failures++);
      }
    }
  }

  /** Fetches a frame by itself that came altered. */
  readonly #repair = (index: number): Promise<VerifiedFrame> => {
    this.#damaged(index);
    this.#begun = null;
    return this.#shard(index);
  };

  #damaged(index: number): void {
    this.#distrusted = index;
    this.#options.onDamage?.(index);
    const drop = () => this.#options.cache?.dropBeginning(this.#manifest.frames[index]!);
    this.#storing = this.#storing.then(drop);
  }

  /** The frames to ask for at once: up to the next one of which the beginning is kept. */
  #run(wanted: readonly number[], next: number): readonly number[] {
    const kept = (index: number) => this.#keptBeginnings.has(this.#manifest.frames[index]!.sha256);
    const end = wanted.findIndex((index, i) => i > next && kept(index));
    return wanted.slice(next, end < 0 ? undefined : end);
  }

  /** Takes up a frame where an earlier load, of this page or of one that was killed, had to leave it. */
  async #recallBeginning(index: number): Promise<void> {
    const frame = this.#manifest.frames[index]!;
    if (this.#begun?.index === index || this.#distrusted === index || !this.#keptBeginnings.has(frame.sha256)) return;
    const beginning = await this.#options.cache?.beginning(frame);
    if (!beginning) return;
    const piece = new Piece(frame.bytes);
    piece.append(beginning);
    this.#begun = { index, piece };
  }

  async #store({ index, payload }: VerifiedFrame): Promise<void> {
    const { cache } = this.#options;
    const frame = this.#manifest.frames[index]!;
    await this.#storing;
    await cache?.put(frame, payload);
    if (payload.length > CHUNK_BYTES) await cache?.dropBeginning(frame);
  }

  /** Counts bytes that came, and keeps each chunk that became whole with them. */
  readonly #received = (index: number, bytes: number): void => {
    this.#options.onBytes(index, bytes);
    const { cache } = this.#options;
    const piece = this.#begun?.index === index ? this.#begun.piece : null;
    if (!cache || !piece || piece.whole) return;
    const frame = this.#manifest.frames[index]!;
    for (let chunk = Math.floor((piece.filled - bytes) / CHUNK_BYTES); (chunk + 1) * CHUNK_BYTES <= piece.filled; chunk++) {
      const part = piece.bytes.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
      this.#storing = this.#storing.then(() => cache.putChunk(frame, chunk, part));
    }
  };

  /** Bytes of a frame that have come before the line was cut. */
  #begunBytes(index: number): number {
    return this.#begun?.index === index ? this.#begun.piece.filled : 0;
  }

  async *#attempt(wanted: readonly number[], alone: boolean): AsyncGenerator<VerifiedFrame, void, void> {
    if (alone || this.#distrusted === wanted[0]! || this.#begunBytes(wanted[0]!) > 0) yield await this.#shard(wanted[0]!);
    else yield* this.#streamed(wanted);
  }

  async *#streamed(wanted: readonly number[]): AsyncGenerator<VerifiedFrame, void, void> {
    const { frames, id } = this.#manifest;
    const { text, named } = frameSpans(wanted, frames.length);
    const response = await this.#service.stream(id, text, this.#options.signal);
    const onBegin = (index: number, piece: Piece) => void (this.#begun = { index, piece });
    const listener = { onBytes: this.#received, onBegin, repair: this.#repair };
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
    const fresh = this.#distrusted === index;
    const response = await this.#service.shard(frame.sha256, this.#begunBytes(index), this.#options.signal, fresh);
    const piece = this.#pieceFor(response, index, frame);
    try {
      return await readRest(bodyOf(response), index, frame, piece, { onBytes: this.#received });
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
