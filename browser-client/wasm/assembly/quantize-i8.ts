import { GROUP } from './codes';
import { sumLanes } from './group-term';

// Activations become 8-bit integers with one float scale for each group of 32, as the sums of every group beside them.
// What that costs a model is in docs/performance.md.

const LARGEST: f32 = 127;
/** Below this a group counts as zero: the inverse of its scale could overflow. */
const SMALLEST: f32 = 1e-35;
/** Product kernels take four groups at once: scales and sums are padded with zeros to this. */
const GROUPS_AT_ONCE: i32 = 4;
const GROUP_FLOATS: usize = 128;

/** A row's last group with zeros behind it. */
const tail = memory.data(128, 16);

/**
 * Quantizes `cols` floats in their own order, for the batched product.
 *
 * @param out i8 x groups x 32
 * @param scales f32 x groups, padded with zeros to a multiple of four
 * @param sums f32 x groups, the sum of each group's rounded activations, padded likewise
 */
export function f32_quantize_i8__simd128(x: usize, cols: i32, out: usize, scales: usize, sums: usize): void {
  const whole = cols / GROUP;
  const groups = (cols + GROUP - 1) / GROUP;
  for (let g = 0; g < whole; ++g) quantizeGroup(x + <usize>g * GROUP_FLOATS, g, out, scales, sums);
  if (whole < groups) {
    memory.fill(tail, 0, GROUP_FLOATS);
    memory.copy(tail, x + <usize>whole * GROUP_FLOATS, <usize>(cols - whole * GROUP) << 2);
    quantizeGroup(tail, whole, out, scales, sums);
  }
  for (let g = groups; g % GROUPS_AT_ONCE != 0; ++g) {
    store<f32>(scales + (<usize>g << 2), 0);
    store<f32>(sums + (<usize>g << 2), 0);
  }
}

/**
 * Quantizes `cols` floats in the order in which the matvec kernel of a layout unpacks its weights.
 *
 * @param layout 2, 3, 4 or 8
 * @param out i8 x groups rounded up to two x 32
 */
export function f32_quantize_i8_ordered__simd128(
  x: usize, cols: i32, layout: i32, out: usize, scales: usize, sums: usize,
): void {
  f32_quantize_i8__simd128(x, cols, out, scales, sums);
  const groups = (cols + GROUP - 1) / GROUP;
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
function quantizeGroup(x: usize, g: i32, out: usize, scales: usize, sums: usize): void {
  const scale = largest(x) / LARGEST;
  const inverses = f32x4.splat(scale > SMALLEST ? 1 / scale : 0);
  const first = round16(x, inverses);
  const second = round16(x + 64, inverses);
  const at = out + (<usize>g << 5);
  v128.store(at, first);
  v128.store(at, second, 16);
  const total = i32x4.add(sumBytes(first), sumBytes(second));
  store<f32>(scales + (<usize>g << 2), scale);
  store<f32>(sums + (<usize>g << 2), sumLanes(f32x4.convert_i32x4_s(total)) * scale);
}

/** The largest magnitude of 32 floats; not a number where one of them is none. */
// @ts-ignore: decorator
@inline
function largest(x: usize): f32 {
  let most = f32x4.abs(v128.load(x));
  for (let at: usize = 16; at < GROUP_FLOATS; at += 16) most = f32x4.max(most, f32x4.abs(v128.load(x + at)));
  const halves = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  return max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1));
}

/** Sixteen floats to sixteen bytes. */
// @ts-ignore: decorator
@inline
function round16(x: usize, inverses: v128): v128 {
  const low = i16x8.narrow_i32x4_s(round4(x, inverses), round4(x + 16, inverses));
  const high = i16x8.narrow_i32x4_s(round4(x + 32, inverses), round4(x + 48, inverses));
  return i8x16.narrow_i16x8_s(low, high);
}

// @ts-ignore: decorator
@inline
function round4(x: usize, inverses: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x), inverses)));
}

// @ts-ignore: decorator
@inline
function sumBytes(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(bytes));
}
