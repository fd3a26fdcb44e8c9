import { sumEach } from './lanes';

// Integer dot products of codes with 8-bit activations, by relaxed SIMD. `pairs` multiplies 16 bytes and adds
// neighbours: one instruction of x86 (pmaddubsw), three of ARM. Its second operand must stay below 128, which codes of
// up to seven bits do; then every engine gives the same sums. Codes of up to four bits leave room to add eight such sums
// in 16-bit lanes: 8 x 2 x 15 x 127 < 2^15.

/** Neighbouring products added: i16x8 of signed bytes `a` and bytes `b` in 0..127. */
// @ts-ignore: decorator
@inline
export function pairs(a: v128, b: v128): v128 {
  return v128.relaxed_dot<i16>(a, b);
}

/** Sums of neighbouring 16-bit lanes. */
// @ts-ignore: decorator
@inline
export function widen(sums: v128): v128 {
  return i32x4.dot_i16x8_s(sums, i16x8.splat(1));
}

/** Integer dot products of four groups, one a lane; activations lie in the order of `orderOf` in quantize.ts. */
// @ts-ignore: decorator
@inline
export function fourDotsI8(layout: i32, codes: usize, activations: usize): v128 {
  if (layout == 8) return sumEach(dot8(codes, activations), dot8(codes + 32, activations + 32),
    dot8(codes + 64, activations + 64), dot8(codes + 96, activations + 96));
  if (layout == 4) return sumGroups(
    halve(dot4(codes, activations), dot4(codes + 16, activations + 32)),
    halve(dot4(codes + 32, activations + 64), dot4(codes + 48, activations + 96)));
  if (layout == 3) return sumGroups(twoDots3(codes, activations), twoDots3(codes + 24, activations + 64));
  return sumGroups(twoDots2(codes, activations), twoDots2(codes + 16, activations + 64));
}

/** i16x8 of two groups to half as many lanes each: 0..3 are the first group's. */
// @ts-ignore: decorator
@inline
function halve(a: v128, b: v128): v128 {
  return i16x8.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
}

/** i16x8 of two groups each to i32x4 of four. */
// @ts-ignore: decorator
@inline
function sumGroups(ab: v128, cd: v128): v128 {
  return widen(i16x8.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7)));
}

// @ts-ignore: decorator
@inline
function dot8(codes: usize, activations: usize): v128 {
  return i32x4.add(widen(pairs(v128.load(activations), v128.load(codes))),
    widen(pairs(v128.load(activations, 16), v128.load(codes, 16))));
}

// @ts-ignore: decorator
@inline
function dot4(codes: usize, activations: usize): v128 {
  const words = v128.load(codes);
  return i16x8.add(pairs(v128.load(activations), lowNibbles(words)), pairs(v128.load(activations, 16), highNibbles(words)));
}

// @ts-ignore: decorator
@inline
export function lowNibbles(words: v128): v128 {
  return v128.and(words, i8x16.splat(0x0f));
}

// @ts-ignore: decorator
@inline
export function highNibbles(words: v128): v128 {
  return v128.and(i16x8.shr_u(words, 4), i8x16.splat(0x0f));
}

/** Two groups of pairs, four weights a byte. */
// @ts-ignore: decorator
@inline
function twoDots2(codes: usize, activations: usize): v128 {
  const words = v128.load(codes);
  const even = i16x8.add(pairs(v128.load(activations), twoBits(words, 0)), pairs(v128.load(activations, 16), twoBits(words, 2)));
  const odd = i16x8.add(pairs(v128.load(activations, 32), twoBits(words, 4)), pairs(v128.load(activations, 48), twoBits(words, 6)));
  return i16x8.add(even, odd);
}

/** Two groups of three words: the pairs of the first two, each with its bit of the third below it. */
// @ts-ignore: decorator
@inline
function twoDots3(codes: usize, activations: usize): v128 {
  const words = pairWords(codes);
  const thirds = thirdBits(codes);
  const even = i16x8.add(pairs(v128.load(activations), threeBits(words, thirds, 0)),
    pairs(v128.load(activations, 16), threeBits(words, thirds, 1)));
  const odd = i16x8.add(pairs(v128.load(activations, 32), threeBits(words, thirds, 2)),
    pairs(v128.load(activations, 48), threeBits(words, thirds, 3)));
  return i16x8.add(even, odd);
}

/** The pairs of two three-bit groups. */
// @ts-ignore: decorator
@inline
export function pairWords(codes: usize): v128 {
  return v128.shuffle<i32>(v128.load(codes), v128.load64_zero(codes, 16), 0, 1, 3, 4);
}

/** The low bits of two three-bit groups, each beside its pair: bit i of a byte belongs to the pair at bit 2i. */
// @ts-ignore: decorator
@inline
export function thirdBits(codes: usize): v128 {
  const thirds = v128.shuffle<i32>(v128.load(codes), v128.load64_zero(codes, 16), 2, 2, 5, 5);
  return v128.shuffle<i32>(thirds, i32x4.shr_u(thirds, 4), 0, 5, 2, 7);
}

// @ts-ignore: decorator
@inline
export function twoBits(words: v128, bit: i32): v128 {
  return v128.and(bit == 0 ? words : i16x8.shr_u(words, bit), i8x16.splat(3));
}

// @ts-ignore: decorator
@inline
export function threeBits(words: v128, thirds: v128, i: i32): v128 {
  const doubled = i == 0 ? i16x8.shl(words, 1) : i16x8.shr_u(words, 2 * i - 1);
  const low = i == 0 ? thirds : i16x8.shr_u(thirds, i);
  return v128.or(v128.and(doubled, i8x16.splat(6)), v128.and(low, i8x16.splat(1)));
}
