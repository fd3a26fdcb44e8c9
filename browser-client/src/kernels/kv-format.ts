/** The rule of quantized caches of keys and values; docs/kv-cache.md is the specification, with its reasons. */

/** First tokens of a sequence, which stay as they are. */
export const KV_SINKS = 4;
/** Tokens that are coded together; over them a key's channel shares scale and least value. */
export const KV_BLOCK = 32;
/** Channels of one head's value that share scale and least value. */
export const KV_VALUE_GROUP = 64;

export type KvBits = 2 | 3 | 4 | 8;

export interface KvPrecision {
  readonly keys: KvBits;
  readonly values: KvBits;
  /** Tokens before a query, itself among them, that it sees as they are; at least. */
  readonly window: number;
}

/** Codes with what turns them into numbers: `base + code * step`, both representable in float16. */
export interface Coded {
  readonly base: number;
  readonly step: number;
  readonly codes: Uint8Array;
}

/** End of the tokens that a query at `position` sees coded; they begin after the sinks. Never falls as positions rise. */
export function codedEnd(position: number, window: number): number {
  const old = Math.max(0, position + 1 - window - KV_SINKS);
  return KV_SINKS + Math.floor(old / KV_BLOCK) * KV_BLOCK;
}

/**
 * Tokens besides the sinks whose keys and values must be there as they are, in steps of at most `maxStep` tokens: the
 * window, a block that is not whole or is being coded, and the step itself.
 */
export function recentSlots(window: number, maxStep: number): number {
  return window + KV_BLOCK + maxStep;
}

/**
 * Whether a sequence may go on at `position` after a cache has seen tokens up to `end`: what a query there wants as it
 * was must not have been overwritten.
 */
export function canResume(position: number, end: number, precision: KvPrecision | null, maxStep: number): boolean {
  if (position > end) return false;
  if (!precision) return true;
  return codedEnd(position - 1, precision.window) >= end - recentSlots(precision.window, maxStep);
}

/** Codes of values that share a scale. */
export function codeAffine(values: Float32Array, bits: KvBits): Coded {
  const most = 2 ** bits - 1;
  const base = roundToHalf(values.reduce((least, value) => Math.min(least, value), Infinity));
  const greatest = values.reduce((so, value) => Math.max(so, value), -Infinity);
  const step = roundToHalf(Math.fround(Math.fround(greatest - base) / most));
  const codes = Uint8Array.from(values, (value) => {
    if (!(step > 0)) return 0;
    const steps = Math.fround(Math.fround(value - base) / step);
    return Math.min(most, Math.max(0, Math.floor(Math.fround(steps + 0.5))));
  });
  return { base, step, codes };
}

/** The nearest number that float16 holds, ties to even; 65504 for larger ones. */
export function roundToHalf(value: number): number {
  return fromHalf(toHalf(value));
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** float16 of a finite number, ties to even; the largest for what is beyond it. */
export function toHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const size = Math.min(bits[0]! & 0x7fff_ffff, LARGEST);
  if (size >= SMALLEST_NORMAL) return sign | ((size + 0xfff + ((size >>> 13) & 1) - (112 << 23)) >>> 13);
  bits[0] = size;
  // Half has the steps of the numbers below 2^-14 as its last bit, so the sum rounds as they do.
  float[0] = float[0]! + 0.5;
  return sign | (bits[0]! - 0x3f00_0000);
}

export function fromHalf(half: number): number {
  bits[0] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
  return float[0]! * 2 ** 112;
}

/** 65504 and 2^-14 as float32. */
const LARGEST = 0x477f_e000;
const SMALLEST_NORMAL = 0x3880_0000;
