import { FacetError } from '../errors';
import { toHex, verifySha256 } from './integrity';
import type { Frame } from './wire';

/** A frame whose bytes have been checked. */
export interface VerifiedFrame {
  readonly index: number;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly cached: boolean;
}

/** Bytes of known length of which the first ones are there. */
export class Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  get filled(): number {
    return this.#filled;
  }

  get whole(): boolean {
    return this.#filled === this.bytes.length;
  }

  /** Takes what it lacks from the front of a chunk; returns how much that was. */
  append(chunk: Uint8Array): number {
    const part = chunk.subarray(0, this.bytes.length - this.#filled);
    this.bytes.set(part, this.#filled);
    this.#filled += part.length;
    return part.length;
  }
}

export interface FrameListener {
  /** Told of payload bytes as they come in. */
  readonly onBytes: (frame: number, bytes: number) => void;
  /** Given a frame's piece before it fills: a cut line leaves its beginning there. */
  readonly onBegin: (frame: number, piece: Piece) => void;
  /** Brings a frame by another way whose bytes were altered on this one; without it the stream ends there. */
  readonly repair?: ((frame: number) => Promise<VerifiedFrame>) | undefined;
}

/** `u32 index`, `u32 length`, 32 bytes SHA-256. */
const HEADER_BYTES = 40;

/**
 * Reads a framed stream (docs/wire.md) that should have the frames `wanted`. A frame is yielded only once its bytes have
 * the SHA-256 of the manifest, one that was altered once it is repaired; the generator ends where the stream does.
 *
 * @throws FacetError `stream-malformed`, `integrity`, `network`
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>, frames: readonly Frame[], wanted: readonly number[], listener: FrameListener,
): AsyncGenerator<VerifiedFrame, void, void> {
  const reader = new ByteReader(body);
  try {
    for (const index of wanted) {
      const header = new Piece(HEADER_BYTES);
      if (!(await reader.fill(header, () => undefined))) return;
      checkHeader(header.bytes, index, frames[index]!);
      const piece = new Piece(frames[index]!.bytes);
      listener.onBegin(index, piece);
      yield await payload(reader, index, frames[index]!, piece, listener).catch((error: unknown) => {
        if (!listener.repair || FacetError.from(error).code !== 'integrity') throw error;
        return listener.repair(index);
      });
    }
    await reader.end();
  } finally {
    await reader.cancel();
  }
}

/**
 * Reads the rest of a frame from a body that begins where `piece` ends.
 *
 * @throws FacetError `integrity`, `network`
 */
export async function readRest(
  body: ReadableStream<Uint8Array>, index: number, frame: Frame, piece: Piece, listener: Pick<FrameListener, 'onBytes'>,
): Promise<VerifiedFrame> {
  const reader = new ByteReader(body);
  try {
    const read = await payload(reader, index, frame, piece, listener);
    await reader.end();
    return read;
  } finally {
    await reader.cancel();
  }
}

async function payload(
  reader: ByteReader, index: number, frame: Frame, piece: Piece, { onBytes }: Pick<FrameListener, 'onBytes'>,
): Promise<VerifiedFrame> {
  const whole = await reader.fill(piece, (bytes) => onBytes(index, bytes));
  if (!whole) throw new FacetError('network', `The stream was cut in frame ${index}.`);
  await verifySha256(piece.bytes, frame.sha256, `frame ${index}`);
  return { index, payload: piece.bytes, cached: false };
}

function checkHeader(header: Uint8Array<ArrayBuffer>, index: number, frame: Frame): void {
  const view = new DataView(header.buffer);
  const length = view.getUint32(4, true);
  if (view.getUint32(0, true) !== index || length !== frame.bytes || toHex(header.subarray(8)) !== frame.sha256) {
    throw new FacetError('stream-malformed', `The stream's frame ${view.getUint32(0, true)} is not frame ${index} of the manifest.`);
  }
}

/** Cuts a stream of chunks into pieces of known length. */
class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk = new Uint8Array(0);

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  /** Fills a piece up; false where the stream ends before that. */
  async fill(piece: Piece, onBytes: (bytes: number) => void): Promise<boolean> {
    while (!piece.whole) {
      if (this.#chunk.length === 0 && !(await this.#nextChunk())) return false;
      const taken = piece.append(this.#chunk);
      this.#chunk = this.#chunk.subarray(taken);
      onBytes(taken);
    }
    return true;
  }

  /** Waits for the end after the last piece: a response read whole is not counted as broken off on either side. */
  async end(): Promise<void> {
    await this.#reader.read().catch(() => undefined);
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }

  async #nextChunk(): Promise<boolean> {
    try {
      const { done, value } = await this.#reader.read();
      if (!done) this.#chunk = value as Uint8Array<ArrayBuffer>;
      return !done;
    } catch (error) {
      throw new FacetError('network', 'The stream was cut.', { cause: error });
    }
  }
}
