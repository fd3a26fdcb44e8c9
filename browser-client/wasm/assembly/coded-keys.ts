import { BLOCK, keyWidth } from './coded-cache';
import { dot4, dot8, twoDots2 } from './dots-i16';
import { fromHalf } from './half';
import { sumEach } from './lanes';
import { roundFactors } from './round-factors';
import { Scratch } from './scratch';

// A query meets a block of coded keys: query x step of each channel, rounded to 16 bits, times the codes of 32 tokens, and
// query x base, which is the same for all of them.

/** Scores of a block's tokens. */
export function scoreBlock(bits: i32, headDim: i32, query: usize, block: usize, scratch: Scratch, scores: usize): void {
  const width = keyWidth(headDim, bits);
  const constant = factorise(headDim, width, query, block, scratch.factors());
  const scale = roundFactors(scratch.factors(), width, scratch.rounded());
  const inverse: f32 = 1 / sqrt<f32>(<f32>headDim);
  const scales = f32x4.splat(scale * inverse), constants = f32x4.splat(constant * inverse);
  const codes = block + (<usize>width << 2);
  if (bits == 2) scoreTokens(2, codes, width, scratch.rounded(), scales, constants, scores);
  else if (bits == 3) scoreTokens(3, codes, width, scratch.rounded(), scales, constants, scores);
  else if (bits == 4) scoreTokens(4, codes, width, scratch.rounded(), scales, constants, scores);
  else scoreTokens(8, codes, width, scratch.rounded(), scales, constants, scores);
}

/** Writes query x step, zeros behind the head's channels, and returns the sum of query x base. */
function factorise(headDim: i32, width: i32, query: usize, block: usize, factors: usize): f32 {
  const steps = block + (<usize>width << 1);
  let constant: f32 = 0;
  for (let i: usize = 0; i < <usize>headDim; ++i) {
    const q = load<f32>(query + 4 * i);
    constant += q * fromHalf(block + 2 * i);
    store<f32>(factors + 4 * i, q * fromHalf(steps + 2 * i));
  }
  memory.fill(factors + (<usize>headDim << 2), 0, <usize>(width - headDim) << 2);
  return constant;
}

// @ts-ignore: decorator
@inline
function scoreTokens(bits: i32, codes: usize, width: i32, factors: usize, scales: v128, constants: v128, scores: usize): void {
  const bytes = <usize>((width * bits) >> 3);
  for (let t: usize = 0; t < <usize>BLOCK; t += 4) {
    const a = keyDot(bits, codes, width, factors), b = keyDot(bits, codes + bytes, width, factors);
    const c = keyDot(bits, codes + 2 * bytes, width, factors), d = keyDot(bits, codes + 3 * bytes, width, factors);
    const dots = f32x4.convert_i32x4_s(sumEach(a, b, c, d));
    v128.store(scores + 4 * t, f32x4.add(f32x4.mul(dots, scales), constants));
    codes += 4 * bytes;
  }
}

/** One token's integer dot product, spread over four lanes. */
// @ts-ignore: decorator
@inline
function keyDot(bits: i32, codes: usize, width: i32, factors: usize): v128 {
  let sum = i32x4.splat(0);
  for (let i = 0; i < width; i += bits < 4 ? 64 : 32) {
    if (bits == 2) sum = i32x4.add(sum, twoDots2(codes, factors));
    else if (bits == 3) sum = i32x4.add(sum, dot3(codes, factors));
    else if (bits == 4) sum = i32x4.add(sum, dot4(codes, factors));
    else sum = i32x4.add(sum, dot8(codes, factors));
    codes += bits == 2 ? 16 : bits == 3 ? 24 : bits == 4 ? 16 : 32;
    factors += bits < 4 ? 128 : 64;
  }
  return sum;
}

/** 64 codes of three bits: the upper two as at two bits, the lowest behind them. */
// @ts-ignore: decorator
@inline
function dot3(codes: usize, factors: usize): v128 {
  const words = v128.load(codes), thirds = i16x8.extend_low_i8x16_u(v128.load64_zero(codes, 16));
  let sum = product(words, thirds, 0, factors);
  sum = i32x4.add(sum, product(words, thirds, 1, factors));
  sum = i32x4.add(sum, product(words, thirds, 2, factors));
  sum = i32x4.add(sum, product(words, thirds, 3, factors));
  sum = i32x4.add(sum, product(words, thirds, 4, factors));
  sum = i32x4.add(sum, product(words, thirds, 5, factors));
  sum = i32x4.add(sum, product(words, thirds, 6, factors));
  return i32x4.add(sum, product(words, thirds, 7, factors));
}

// @ts-ignore: decorator
@inline
function product(words: v128, thirds: v128, field: i32, factors: usize): v128 {
  return i32x4.dot_i16x8_s(triple(words, thirds, field), v128.load(factors + <usize>(16 * field)));
}

/** Field `field` of each 16-bit lane: two bits of the words, one of the thirds. */
// @ts-ignore: decorator
@inline
export function triple(words: v128, thirds: v128, field: i32): v128 {
  const doubled = field == 0 ? i16x8.shl(words, 1) : i16x8.shr_u(words, 2 * field - 1);
  return v128.or(v128.and(doubled, i16x8.splat(6)), v128.and(i16x8.shr_u(thirds, field), i16x8.splat(1)));
}
