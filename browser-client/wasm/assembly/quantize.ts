import { GROUP } from './codes';
import { largestLane, sumLanes } from './lanes';

// Activations become integers of 16 or 8 bits with one float scale for each group of 32. Beside them lies the sum of
// every group, which carries the constant part of a weight's value (docs/codec.md, "With integers"). At 16 bits the
// rounding error is at most 2^-16 of the group's largest value, below what the float sums themselves lose; what 8 bits
// cost a model is in docs/performance.md.

/** Below this a group counts as zero: the inverse of its scale could overflow. */
const SMALLEST: f32 = 1e-35;
/** Product kernels take four groups at once: scales and sums are padded with zeros to this. */
const GROUPS_AT_ONCE: i32 = 4;
const GROUP_FLOATS: usize = 128;

/**
 * Quantizes `count` rows of `cols` floats, each in its own order, for the batched product.
 *
 * @param out i16 x count x groups x 32, zeros behind a row's end
 * @param scales f32 x count x stride, padded with zeros to a multiple of four groups
 * @param sums f32 x count x stride, the sum of each group's rounded activations, padded likewise
 */
export function f32_quantize_i16(x: usize, cols: i32, count: i32, stride: i32, out: usize, scales: usize, sums: usize): void {
  rows<i16>(x, cols, count, stride, out, scales, sums);
}

/** The same with bytes. */
export function f32_quantize_i8(x: usize, cols: i32, count: i32, stride: i32, out: usize, scales: usize, sums: usize): void {
  rows<i8>(x, cols, count, stride, out, scales, sums);
}

/**
 * Quantizes a row in the order in which the matvec kernel of a layout unpacks its weights.
 *
 * @param order i32 x span: the i16 slot, within a span of groups, of each weight
 * @param span weights after which the order repeats: 32, or 64 where two groups are unpacked at once
 * @param plain scratch: i16 x groups x 32
 * @param out i16 x groups rounded up to a span x 32; slots without a weight become 0
 */
export function f32_quantize_i16_ordered(
  x: usize, cols: i32, order: usize, span: i32, plain: usize, out: usize, scales: usize, sums: usize,
): void {
  row<i16>(x, cols, plain, scales, sums);
  const total = groupsOf(cols) * GROUP;
  if (total % span != 0) memory.fill(out + (<usize>(total - GROUP) << 1), 0, <usize>span << 1);
  for (let first = 0; first < total; first += span) {
    const slots = out + (<usize>first << 1), from = plain + (<usize>first << 1);
    for (let i = 0; i < min(span, total - first); ++i) {
      store<i16>(slots + (<usize>load<i32>(order + (<usize>i << 2)) << 1), load<i16>(from + (<usize>i << 1)));
    }
  }
}

/**
 * The same with bytes.
 *
 * @param layout 2, 3, 4 or 8
 * @param out i8 x groups rounded up to two x 32
 */
export function f32_quantize_i8_ordered(x: usize, cols: i32, layout: i32, out: usize, scales: usize, sums: usize): void {
  row<i8>(x, cols, out, scales, sums);
  const groups = groupsOf(cols);
  if (layout == 4) for (let g = 0; g < groups; ++g) orderNibbles(out + (<usize>g << 5));
  else if (layout < 4) for (let g = 0; g < groups; g += 2) orderPairs(out + (<usize>g << 5));
}

/** Low nibbles first, then high ones: even quads, then odd. */
// @ts-ignore: decorator
@inline
function orderNibbles(group: usize): void {
  const first = v128.load(group);
  const second = v128.load(group, 16);
  v128.store(group, v128.shuffle<i32>(first, second, 0, 2, 4, 6));
  v128.store(group, v128.shuffle<i32>(first, second, 1, 3, 5, 7), 16);
}

/** Two groups: quad i of each of their four words goes to vector i. */
// @ts-ignore: decorator
@inline
function orderPairs(groups: usize): void {
  const a = v128.load(groups), b = v128.load(groups, 16), c = v128.load(groups, 32), d = v128.load(groups, 48);
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(groups, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(groups, v128.shuffle<i64>(ab, cd, 1, 3), 16);
  v128.store(groups, v128.shuffle<i64>(ef, gh, 0, 2), 32);
  v128.store(groups, v128.shuffle<i64>(ef, gh, 1, 3), 48);
}

// @ts-ignore: decorator
@inline
function groupsOf(cols: i32): i32 {
  return (cols + GROUP - 1) / GROUP;
}

// @ts-ignore: decorator
@inline
function rows<A>(x: usize, cols: i32, count: i32, stride: i32, out: usize, scales: usize, sums: usize): void {
  for (let t = 0; t < count; ++t) {
    row<A>(x, cols, out, scales, sums);
    x += <usize>cols << 2;
    out += <usize>(groupsOf(cols) * GROUP) * sizeof<A>();
    scales += <usize>stride << 2;
    sums += <usize>stride << 2;
  }
}

function row<A>(x: usize, cols: i32, out: usize, scales: usize, sums: usize): void {
  const whole = cols / GROUP;
  const groups = groupsOf(cols);
  for (let g = 0; g < whole; ++g) wholeGroup<A>(x + <usize>g * GROUP_FLOATS, g, out, scales, sums);
  if (whole < groups) lastGroup<A>(x + <usize>whole * GROUP_FLOATS, cols - whole * GROUP, whole, out, scales, sums);
  for (let g = groups; g % GROUPS_AT_ONCE != 0; ++g) {
    store<f32>(scales + (<usize>g << 2), 0);
    store<f32>(sums + (<usize>g << 2), 0);
  }
}

// @ts-ignore: decorator
@inline
function wholeGroup<A>(x: usize, g: i32, out: usize, scales: usize, sums: usize): void {
  let most = f32x4.abs(v128.load(x));
  for (let at: usize = 16; at < GROUP_FLOATS; at += 16) most = f32x4.max(most, f32x4.abs(v128.load(x + at)));
  const scale = largestLane(most) / <f32>largestOf<A>();
  const inverses = f32x4.splat(inverseOf(scale));
  let total = i32x4.splat(0);
  out += <usize>(g * GROUP) * sizeof<A>();
  for (let at: usize = 0; at < GROUP_FLOATS; at += 64) {
    const a = round4(x + at, inverses), b = round4(x + at + 16, inverses);
    const c = round4(x + at + 32, inverses), d = round4(x + at + 48, inverses);
    total = i32x4.add(total, i32x4.add(i32x4.add(a, b), i32x4.add(c, d)));
    const low = i16x8.narrow_i32x4_s(a, b), high = i16x8.narrow_i32x4_s(c, d);
    if (sizeof<A>() == 1) {
      v128.store(out, i8x16.narrow_i16x8_s(low, high));
    } else {
      v128.store(out, low);
      v128.store(out, high, 16);
    }
    out += 16 * sizeof<A>();
  }
  store<f32>(scales + (<usize>g << 2), scale);
  store<f32>(sums + (<usize>g << 2), sumLanes(f32x4.convert_i32x4_s(total)) * scale);
}

/** A group of fewer floats, padded with zeros. */
function lastGroup<A>(x: usize, count: i32, g: i32, out: usize, scales: usize, sums: usize): void {
  let most: f32 = 0;
  for (let i = 0; i < count; ++i) most = max(most, abs(load<f32>(x + (<usize>i << 2))));
  const scale = most / <f32>largestOf<A>();
  const inverse = inverseOf(scale);
  let total = 0;
  out += <usize>(g * GROUP) * sizeof<A>();
  for (let i = 0; i < GROUP; ++i) {
    const q = i < count ? <i32>nearest(load<f32>(x + (<usize>i << 2)) * inverse) : 0;
    store<A>(out + <usize>i * sizeof<A>(), <A>q);
    total += q;
  }
  store<f32>(scales + (<usize>g << 2), scale);
  store<f32>(sums + (<usize>g << 2), <f32>total * scale);
}

// @ts-ignore: decorator
@inline
function largestOf<A>(): i32 {
  return sizeof<A>() == 1 ? 127 : 32767;
}

// @ts-ignore: decorator
@inline
function inverseOf(scale: f32): f32 {
  return scale > SMALLEST ? 1 / scale : 0;
}

// @ts-ignore: decorator
@inline
function round4(x: usize, inverses: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), inverses)));
}
