import { sumEach, sumPairs } from './lanes';

// Integer dot products of codes with 16-bit activations, by `i32x4.dot_i16x8_s`. Activations lie in the order in which a
// shift and a mask brings the codes out of 16-bit lanes (f32_quantize_i16_ordered): no code is widened on its own.

/** Integer dot products of four groups, one a lane. */
// @ts-ignore: decorator
@inline
export function fourDotsI16(layout: i32, codes: usize, activations: usize): v128 {
  if (layout == 8) return sumEach(dot8(codes, activations), dot8(codes + 32, activations + 64),
    dot8(codes + 64, activations + 128), dot8(codes + 96, activations + 192));
  if (layout == 4) return sumEach(dot4(codes, activations), dot4(codes + 16, activations + 64),
    dot4(codes + 32, activations + 128), dot4(codes + 48, activations + 192));
  if (layout == 3) return sumPairs(twoDots3(codes, activations), twoDots3(codes + 24, activations + 128));
  return sumPairs(twoDots2(codes, activations), twoDots2(codes + 16, activations + 128));
}

/** One group of bytes: the even ones by a mask, the odd ones by a shift. */
// @ts-ignore: decorator
@inline
export function dot8(codes: usize, activations: usize): v128 {
  const mask = i16x8.splat(0xff);
  const first = v128.load(codes);
  const second = v128.load(codes, 16);
  return i32x4.add(
    i32x4.add(dot(v128.and(first, mask), activations, 0), dot(i16x8.shr_u(first, 8), activations, 16)),
    i32x4.add(dot(v128.and(second, mask), activations, 32), dot(i16x8.shr_u(second, 8), activations, 48)));
}

/** One group of nibbles: the four of each 16-bit lane in turn. */
// @ts-ignore: decorator
@inline
export function dot4(codes: usize, activations: usize): v128 {
  const mask = i16x8.splat(0x0f);
  const words = v128.load(codes);
  return i32x4.add(
    i32x4.add(dot(v128.and(words, mask), activations, 0),
      dot(v128.and(i16x8.shr_u(words, 4), mask), activations, 16)),
    i32x4.add(dot(v128.and(i16x8.shr_u(words, 8), mask), activations, 32),
      dot(i16x8.shr_u(words, 12), activations, 48)));
}

/** Two groups of pairs: the eight of each 16-bit lane in turn; lanes 0, 1 belong to the first group. */
// @ts-ignore: decorator
@inline
export function twoDots2(codes: usize, activations: usize): v128 {
  const words = v128.load(codes);
  let sum = dot(pair(words, 0), activations, 0);
  sum = i32x4.add(sum, dot(pair(words, 2), activations, 16));
  sum = i32x4.add(sum, dot(pair(words, 4), activations, 32));
  sum = i32x4.add(sum, dot(pair(words, 6), activations, 48));
  sum = i32x4.add(sum, dot(pair(words, 8), activations, 64));
  sum = i32x4.add(sum, dot(pair(words, 10), activations, 80));
  sum = i32x4.add(sum, dot(pair(words, 12), activations, 96));
  return i32x4.add(sum, dot(pair(words, 14), activations, 112));
}

/** Two groups of three words: the pairs of the first two, each with its bit of the third below it. */
// @ts-ignore: decorator
@inline
export function twoDots3(codes: usize, activations: usize): v128 {
  const head = v128.load(codes);
  const tail = v128.load64_zero(codes, 16);
  const words = v128.shuffle<i32>(head, tail, 0, 1, 3, 4);
  const thirds = v128.shuffle<i32>(head, tail, 2, 2, 5, 5);
  const lowHalf = v128.shuffle<i32>(thirds, i32x4.shr_u(thirds, 4), 0, 5, 2, 7);
  let sum = dot(triple(words, lowHalf, 0, 0), activations, 0);
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 2, 1), activations, 16));
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 4, 2), activations, 32));
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 6, 3), activations, 48));
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 8, 8), activations, 64));
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 10, 9), activations, 80));
  sum = i32x4.add(sum, dot(triple(words, lowHalf, 12, 10), activations, 96));
  return i32x4.add(sum, dot(triple(words, lowHalf, 14, 11), activations, 112));
}

// @ts-ignore: decorator
@inline
function pair(words: v128, bit: i32): v128 {
  return v128.and(i16x8.shr_u(words, bit), i16x8.splat(3));
}

// @ts-ignore: decorator
@inline
function triple(words: v128, thirds: v128, bit: i32, third: i32): v128 {
  const doubled = bit == 0 ? i16x8.shl(words, 1) : i16x8.shr_u(words, bit - 1);
  const low = v128.and(i16x8.shr_u(thirds, third), i16x8.splat(1));
  return v128.or(v128.and(doubled, i16x8.splat(6)), low);
}

// @ts-ignore: decorator
@inline
function dot(weights: v128, activations: usize, offset: usize): v128 {
  return i32x4.dot_i16x8_s(weights, v128.load(activations + offset));
}
