import { FacetError } from '../errors';
import { toHex, verifySha256 } from './integrity';
import type { Frame } from './wire';

/** A frame whose bytes have been checked. */
export interface VerifiedFrame {
  readonly index: number;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly cached: boolean;
}

/** `u32 index`, `u32 length`, 32 bytes SHA-256. */
const HEADER_BYTES = 40;

/**
 * Reads a framed stream (docs/wire.md) that should start with frame `first`. A frame is yielded only once its bytes
 * have the SHA-256 of the manifest; the generator ends where the stream does.
 *
 * @param onBytes told of payload bytes as they come in
 * @throws FacetError `stream-malformed`, `integrity`, `network`
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>, frames: readonly Frame[], first: number, onBytes: (frame: number, bytes: number) => void,
): AsyncGenerator<VerifiedFrame, void, void> {
  const reader = new ByteReader(body);
  try {
    for (let index = first; index < frames.length; index++) {
      const header = await reader.read(HEADER_BYTES, () => undefined);
      if (!header) return;
      checkHeader(header, index, frames[index]!);
      const payload = await reader.read(frames[index]!.bytes, (bytes) => onBytes(index, bytes));
      if (!payload) throw new FacetError('network', `The stream was cut in frame ${index}.`);
      await verifySha256(payload, frames[index]!.sha256, `frame ${index}`);
      yield { index, payload, cached: false };
    }
    await reader.end();
  } finally {
    await reader.cancel();
  }
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

  /** The next `length` bytes in a buffer of their own; null where the stream ends between pieces or within one. */
  async read(length: number, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer> | null> {
    const piece = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#chunk.length === 0 && !(await this.#nextChunk())) return null;
      const part = this.#chunk.subarray(0, length - filled);
      piece.set(part, filled);
      filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
      onBytes(part.length);
    }
    return piece;
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
