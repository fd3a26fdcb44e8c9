import { groupBytes } from './codes';
import { groupTerm, sumEach, sumLanes, sumPairs } from './group-term';

// One activation row times a packed tensor. Each kernel walks the groups of a row, four at a time, and forms their
// integer dot products by `i32x4.dot_i16x8_s` of codes against 16-bit activations that already lie in the order in
// which a shift and a mask brings the codes out (f32_quantize_ordered__scalar): no code is widened on its own.
// A row whose groups are no multiple of four reads on into what follows; the padded scales and sums are zero there.
//
// Arguments: codes; scaleBytes, u8 x rows x groups; rowScales, f32 x rows, gain folded in; activations, ordered i16;
// scales and sums, f32 x groups; out, f32 x rows. `depth` gives the step, `shift` is the tensor's. With `accumulate`
// the product is added to `out`, which makes the residual connection free.

export function q2_matvec__simd128(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(2, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

export function q3_matvec__simd128(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(3, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

export function q4_matvec__simd128(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(4, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

export function q8_matvec__simd128(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(8, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

// @ts-ignore: decorator
@inline
function matvec(
  layout: i32, codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  const factor = f32x4.splat(2 / <f32>(1 << depth));
  const centre = f32x4.splat(1 / <f32>(1 << depth) - 1);
  const shifts = f32x4.splat(shift);
  const rowBytes = <usize>(groups * groupBytes(layout));
  for (let row = 0; row < rows; ++row) {
    let sum = f32x4.splat(0);
    for (let g = 0; g < groups; g += 4) {
      const at = <usize>g << 2;
      const dots = fourDots(layout, codes + <usize>(g * groupBytes(layout)), activations + (<usize>g << 6));
      sum = f32x4.add(sum, groupTerm(dots, scaleBytes + <usize>g, scales + at, sums + at, factor, centre, shifts));
    }
    const target = out + (<usize>row << 2);
    const product = sumLanes(sum) * (load<f32>(rowScales + (<usize>row << 2)) * <f32>(1.0 / 127.0));
    store<f32>(target, accumulate ? load<f32>(target) + product : product);
    codes += rowBytes;
    scaleBytes += <usize>groups;
  }
}

/** Integer dot products of four groups, one a lane. */
// @ts-ignore: decorator
@inline
function fourDots(layout: i32, codes: usize, activations: usize): v128 {
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
function dot8(codes: usize, activations: usize): v128 {
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
function dot4(codes: usize, activations: usize): v128 {
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
function twoDots2(codes: usize, activations: usize): v128 {
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
function twoDots3(codes: usize, activations: usize): v128 {
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
