import { FacetError } from '../errors';
import { BASE_DEPTH, groupsOf } from './layout';

/** The streams of one stored segment, as views of its bytes (docs/codec.md, "Planes"). */
export interface PlaneSegment {
  readonly depth: number;
  readonly firstRow: number;
  readonly rowCount: number;
  /** bfloat16 x rowCount; the base plane only. */
  readonly rowScales: Uint16Array | null;
  /** u8 x rowCount; absent at the anchor, where every gain is 1. */
  readonly gains: Uint8Array | null;
  /** u8 x rowCount x groups; the base plane only. */
  readonly scaleBytes: Uint8Array | null;
  /** u32 x rowCount x groups x 2 in the base plane, x 1 in a refinement. */
  readonly codes: Uint32Array;
}

export interface SegmentShape {
  readonly depth: number;
  readonly anchor: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly cols: number;
}

/**
 * Cuts a segment into its streams. Nothing is copied: `bytes` must start at a multiple of 4 in its buffer.
 *
 * @throws FacetError `manifest-invalid` when the length is not that of the shape
 */
export function readSegment(bytes: Uint8Array, shape: SegmentShape): PlaneSegment {
  const { depth, anchor, firstRow, rowCount, cols } = shape;
  const groups = groupsOf(cols);
  const base = depth === BASE_DEPTH;
  let at = 0;
  const take = (length: number): Uint8Array => {
    const stream = bytes.subarray(at, at + length);
    at = align(at + length);
    return stream;
  };
  const rowScales = base ? words16(take(rowCount * 2)) : null;
  const gains = depth < anchor ? take(rowCount) : null;
  const scaleBytes = base ? take(rowCount * groups) : null;
  const codes = take(rowCount * groups * (base ? 8 : 4));
  if (at !== bytes.byteLength) {
    throw new FacetError('manifest-invalid', `A segment at depth ${depth} has ${bytes.byteLength} bytes, not ${at}.`);
  }
  return { depth, firstRow, rowCount, rowScales, gains, scaleBytes, codes: words32(codes) };
}

/** Value of a bfloat16. */
export function fromBfloat16(bits: number): number {
  SCRATCH.setUint32(0, bits << 16);
  return SCRATCH.getFloat32(0);
}

/** The gain of a row at a depth: 1 where no gains are stored. */
export function gainOf(gains: Uint8Array | null, row: number): number {
  return gains ? 0.5 + gains[row]! / 256 : 1;
}

const SCRATCH = new DataView(new ArrayBuffer(4));

function align(length: number): number {
  return (length + 15) & ~15;
}

function words16(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
}

function words32(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
