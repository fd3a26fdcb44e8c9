import { BLOCK, spanBytes, VALUE_GROUP, valueGroups, valueSpan, valueWidth } from './coded-cache';
import { triple } from './coded-keys';
import { HALF_SCALE } from './half';
import { sumLanes } from './lanes';
import { roundFactors } from './round-factors';
import { Scratch } from './scratch';

// Shares of attention meet a block of coded values: share x step of each token, rounded to 16 bits, times its codes, and
// share x base, which is the same for all channels of a group.

/** mixed += the sum of weights x values of a block. */
export function mixBlock(bits: i32, headDim: i32, block: usize, scratch: Scratch, weights: usize): void {
  const groups = valueGroups(headDim), width = valueWidth(headDim);
  const codes = block + (<usize>(groups * BLOCK) << 2);
  for (let group = 0; group < groups; ++group) {
    const constant = factorise(block + (<usize>(group * BLOCK) << 2), weights, scratch.factors());
    const scale = roundFactors(scratch.factors(), BLOCK, scratch.rounded());
    const first = group * VALUE_GROUP, end = min(first + VALUE_GROUP, width);
    const scales = f32x4.splat(scale), constants = f32x4.splat(constant);
    if (bits == 2) mixSpans(2, first, end, codes, scratch, scales, constants);
    else if (bits == 3) mixSpans(3, first, end, codes, scratch, scales, constants);
    else if (bits == 4) mixSpans(4, first, end, codes, scratch, scales, constants);
    else mixSpans(8, first, end, codes, scratch, scales, constants);
  }
}

/** Writes weight x step of 32 tokens and returns the sum of weight x base. */
function factorise(pairs: usize, weights: usize, factors: usize): f32 {
  const scale = f32x4.splat(HALF_SCALE);
  let constants = f32x4.splat(0);
  for (let t: usize = 0; t < <usize>BLOCK; t += 4) {
    const words = v128.load(pairs + 4 * t);
    const weight = f32x4.mul(v128.load(weights + 4 * t), scale);
    constants = f32x4.add(constants, f32x4.mul(weight, upperHalf(i32x4.shl(words, 16))));
    v128.store(factors + 4 * t, f32x4.mul(weight, upperHalf(v128.and(words, i32x4.splat(0xffff0000)))));
  }
  return sumLanes(constants);
}

/** The half in the upper 16 bits of each lane, times 2^-112. */
// @ts-ignore: decorator
@inline
function upperHalf(words: v128): v128 {
  return v128.and(i32x4.shr_s(words, 3), i32x4.splat(0x8fffffff));
}

/** Channels `first` .. `end`, a span at a time. */
// @ts-ignore: decorator
@inline
function mixSpans(bits: i32, first: i32, end: i32, codes: usize, scratch: Scratch, scales: v128, constants: v128): void {
  const span = valueSpan(bits);
  const bytes = <usize>((BLOCK / 2) * spanBytes(bits));
  for (let channel = first; channel < end; channel += span) {
    const from = codes + <usize>(channel / span) * bytes;
    const mixed = scratch.mixed() + (<usize>channel << 2);
    if (bits == 8) mixBytes(from, scratch.rounded(), mixed, scales, constants);
    else if (bits == 4) mixNibbles(from, scratch.rounded(), mixed, scales, constants);
    else mixPairs(bits, from, scratch.rounded(), mixed, scales, constants);
  }
}

/** Eight channels of bytes. */
// @ts-ignore: decorator
@inline
function mixBytes(codes: usize, factors: usize, mixed: usize, scales: v128, constants: v128): void {
  let a = i32x4.splat(0), b = a;
  for (let pair: usize = 0; pair < <usize>BLOCK / 2; ++pair) {
    const words = v128.load(codes + 16 * pair), factor = v128.load32_splat(factors + 4 * pair);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(words, i16x8.splat(0xff)), factor));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.shr_u(words, 8), factor));
  }
  put(a, mixed, scales, constants);
  put(b, mixed + 16, scales, constants);
}

/** Sixteen channels of nibbles. */
// @ts-ignore: decorator
@inline
function mixNibbles(codes: usize, factors: usize, mixed: usize, scales: v128, constants: v128): void {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (let pair: usize = 0; pair < <usize>BLOCK / 2; ++pair) {
    const words = v128.load(codes + 16 * pair), factor = v128.load32_splat(factors + 4 * pair);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(words, i16x8.splat(15)), factor));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.and(i16x8.shr_u(words, 4), i16x8.splat(15)), factor));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.and(i16x8.shr_u(words, 8), i16x8.splat(15)), factor));
    d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.shr_u(words, 12), factor));
  }
  put(a, mixed, scales, constants);
  put(b, mixed + 16, scales, constants);
  put(c, mixed + 32, scales, constants);
  put(d, mixed + 48, scales, constants);
}

/** 32 channels of two or three bits, sixteen at a time, so that the sums stay in registers. */
// @ts-ignore: decorator
@inline
function mixPairs(bits: i32, codes: usize, factors: usize, mixed: usize, scales: v128, constants: v128): void {
  for (let half = 0; half < 2; ++half) {
    let a = i32x4.splat(0), b = a, c = a, d = a;
    let from = codes;
    for (let pair: usize = 0; pair < <usize>BLOCK / 2; ++pair) {
      const words = i16x8.shr_u(v128.load(from), 8 * half), factor = v128.load32_splat(factors + 4 * pair);
      const thirds = bits == 3 ? i16x8.shr_u(i16x8.extend_low_i8x16_u(v128.load64_zero(from, 16)), 4 * half) : words;
      a = i32x4.add(a, i32x4.dot_i16x8_s(field(bits, words, thirds, 0), factor));
      b = i32x4.add(b, i32x4.dot_i16x8_s(field(bits, words, thirds, 1), factor));
      c = i32x4.add(c, i32x4.dot_i16x8_s(field(bits, words, thirds, 2), factor));
      d = i32x4.add(d, i32x4.dot_i16x8_s(field(bits, words, thirds, 3), factor));
      from += bits == 3 ? 24 : 16;
    }
    put(a, mixed, scales, constants);
    put(b, mixed + 16, scales, constants);
    put(c, mixed + 32, scales, constants);
    put(d, mixed + 48, scales, constants);
    mixed += 64;
  }
}

// @ts-ignore: decorator
@inline
function field(bits: i32, words: v128, thirds: v128, i: i32): v128 {
  if (bits == 3) return triple(words, thirds, i);
  return v128.and(i == 0 ? words : i16x8.shr_u(words, 2 * i), i16x8.splat(3));
}

/** Adds four channels' share. */
// @ts-ignore: decorator
@inline
function put(sums: v128, mixed: usize, scales: v128, constants: v128): void {
  const share = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), scales), constants);
  v128.store(mixed, f32x4.add(v128.load(mixed), share));
}
