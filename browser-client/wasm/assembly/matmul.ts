import { groupBytes } from './codes';
import { pairs, widen } from './dots-i8';
import { Tensor } from './tensor';
import { unpackGroup } from './unpack';

// Several activation rows times a packed tensor: prefill. Four weight rows at a time are unpacked once and interleaved, so
// that a lane is a weight row and no sum ever runs across lanes; then they meet every activation row.

/** Activation rows, in their own order. */
// @ts-ignore: decorator
@unmanaged
export class Activations {
  /** A x count x groups x 32 */
  values: usize;
  /** f32 x count x stride */
  scales: usize;
  /** f32 x count x stride */
  sums: usize;
  stride: i32;
  count: i32;
}

/** Bytes of scratch for each group: codes as 16-bit integers, and what they are multiplied with. */
export const MATMUL_SCRATCH: i32 = 288;

/**
 * out[t][row] (+)= the product of activation row t with rows `first` .. `end` of a tensor.
 *
 * @param A type of the activations: i8 for codes of up to seven bits, by relaxed SIMD, or i16
 * @param first a multiple of four
 * @param out f32 x count x rows
 * @param scratch groups x 288 bytes
 */
export function matmul<A>(tensor: Tensor, first: i32, end: i32, x: Activations, out: usize, accumulate: bool, scratch: usize): void {
  const groups = tensor.groups;
  const magnitudes = scratch + (<usize>groups << 8);
  const centres = magnitudes + (<usize>groups << 4);
  for (let row = first; row < end; row += 4) {
    const live = min(4, end - row);
    unpack<A>(tensor, row, live, scratch);
    rowTerms(tensor, row, live, magnitudes, centres);
    const target = out + (<usize>row << 2);
    // Codes of up to four bits sum up in 16-bit lanes for a whole group; deeper ones do not fit.
    if (tensor.layout == 8) multiply<A>(true, scratch, magnitudes, centres, groups, live, x, target, tensor.rows, accumulate);
    else multiply<A>(false, scratch, magnitudes, centres, groups, live, x, target, tensor.rows, accumulate);
  }
}

/** Rows past the tensor repeat the first: their terms are zero. */
function unpack<A>(tensor: Tensor, row: i32, live: i32, target: usize): void {
  if (tensor.layout == 4) unpackRows<A>(4, tensor, row, live, target);
  else if (tensor.layout == 2) unpackRows<A>(2, tensor, row, live, target);
  else if (tensor.layout == 3) unpackRows<A>(3, tensor, row, live, target);
  else unpackRows<A>(8, tensor, row, live, target);
}

// @ts-ignore: decorator
@inline
function unpackRows<A>(layout: i32, tensor: Tensor, row: i32, live: i32, target: usize): void {
  const bytes = <usize>groupBytes(layout);
  const rowBytes = bytes * <usize>tensor.groups;
  const a = tensor.codes + <usize>row * rowBytes;
  const b = live > 1 ? a + rowBytes : a;
  const c = live > 2 ? a + 2 * rowBytes : a;
  const d = live > 3 ? a + 3 * rowBytes : a;
  for (let at: usize = 0; at < rowBytes; at += bytes) {
    unpackGroup<A>(layout, a + at, b + at, c + at, d + at, target);
    target += 128 * sizeof<A>();
  }
}

/**
 * What four rows, `live` of them there, multiply their integer dot products and sums of activations with.
 *
 * @param magnitudes out: f32x4 x groups, s / 127 x row scale x 1 / 2^(depth-1)
 * @param centres out: f32x4 x groups, s / 127 x row scale x (1 / 2^depth - 1 + sign x shift)
 */
function rowTerms(tensor: Tensor, row: i32, live: i32, magnitudes: usize, centres: usize): void {
  const groups = tensor.groups;
  const factor: f32 = 2 / <f32>(1 << tensor.depth);
  const centre: f32 = factor / 2 - 1;
  const shift = tensor.shift;
  for (let r = 0; r < 4; ++r) {
    const present = r < live;
    const bytes = tensor.scaleBytes + <usize>((row + (present ? r : 0)) * groups);
    const rowScale: f32 = present ? load<f32>(tensor.rowScales + (<usize>(row + r) << 2)) / 127 : 0;
    for (let g = 0; g < groups; ++g) {
      const byte = <i32>load<u8>(bytes + <usize>g);
      const scale = rowScale * <f32>(byte & 0x7f);
      const at = <usize>((g << 2) + r) << 2;
      store<f32>(magnitudes + at, scale * factor);
      store<f32>(centres + at, scale * (centre + (byte & 0x80 ? -shift : shift)));
    }
  }
}

/** The product of up to four unpacked weight rows with every activation row. */
// @ts-ignore: decorator
@inline
function multiply<A>(
  wide: bool, weights: usize, magnitudes: usize, centres: usize, groups: i32, live: i32, x: Activations,
  out: usize, outStride: i32, accumulate: bool,
): void {
  const row = <usize>(groups << 5) * sizeof<A>();
  const scaleRow = <usize>x.stride << 2;
  const outRow = <usize>outStride << 2;
  let values = x.values, scales = x.scales, sums = x.sums;
  let t = x.count;
  for (; t >= 4; t -= 4) {
    fourTokens<A>(wide, weights, magnitudes, centres, groups, live, values, row, scales, sums, scaleRow, out, outRow, accumulate);
    values += row << 2;
    scales += scaleRow << 2;
    sums += scaleRow << 2;
    out += outRow << 2;
  }
  for (; t > 0; --t) {
    oneToken<A>(wide, weights, magnitudes, centres, groups, live, values, scales, sums, out, accumulate);
    values += row;
    scales += scaleRow;
    sums += scaleRow;
    out += outRow;
  }
}

// @ts-ignore: decorator
@inline
function fourTokens<A>(
  wide: bool, weights: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  values: usize, row: usize, scales: usize, sums: usize, scaleRow: usize, out: usize, outRow: usize, accumulate: bool,
): void {
  const bytes: usize = 32 * sizeof<A>();
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let g = 0; g < groups; ++g) {
    let d0 = i32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    const a1 = values + row, a2 = a1 + row, a3 = a2 + row;
    for (let i: usize = 0; i < bytes; i += 8) {
      const w = v128.load(weights), v = v128.load(weights, 16);
      d0 = add<A>(wide, d0, w, v, values + i);
      d1 = add<A>(wide, d1, w, v, a1 + i);
      d2 = add<A>(wide, d2, w, v, a2 + i);
      d3 = add<A>(wide, d3, w, v, a3 + i);
      weights += 32;
    }
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const centre = v128.load(centres + (<usize>g << 4));
    const at = <usize>g << 2;
    s0 = f32x4.add(s0, scaled(total<A>(wide, d0), magnitude, centre, scales + at, sums + at));
    s1 = f32x4.add(s1, scaled(total<A>(wide, d1), magnitude, centre, scales + scaleRow + at, sums + scaleRow + at));
    s2 = f32x4.add(s2, scaled(total<A>(wide, d2), magnitude, centre, scales + 2 * scaleRow + at, sums + 2 * scaleRow + at));
    s3 = f32x4.add(s3, scaled(total<A>(wide, d3), magnitude, centre, scales + 3 * scaleRow + at, sums + 3 * scaleRow + at));
    values += bytes;
  }
  put(s0, live, out, accumulate);
  put(s1, live, out + outRow, accumulate);
  put(s2, live, out + 2 * outRow, accumulate);
  put(s3, live, out + 3 * outRow, accumulate);
}

// @ts-ignore: decorator
@inline
function oneToken<A>(
  wide: bool, weights: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  values: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  let sum = f32x4.splat(0);
  for (let g = 0; g < groups; ++g) {
    let dots = i32x4.splat(0);
    for (let i: usize = 0; i < 32 * sizeof<A>(); i += 8) {
      dots = add<A>(wide, dots, v128.load(weights), v128.load(weights, 16), values + i);
      weights += 32;
    }
    const at = <usize>g << 2;
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const centre = v128.load(centres + (<usize>g << 4));
    sum = f32x4.add(sum, scaled(total<A>(wide, dots), magnitude, centre, scales + at, sums + at));
    values += 32 * sizeof<A>();
  }
  put(sum, live, out, accumulate);
}

/** Adds the products of two vectors of weights with eight bytes of activations. */
// @ts-ignore: decorator
@inline
function add<A>(wide: bool, sums: v128, first: v128, second: v128, values: usize): v128 {
  const a = v128.load32_splat(values), b = v128.load32_splat(values, 4);
  if (sizeof<A>() == 2) return i32x4.add(i32x4.add(sums, i32x4.dot_i16x8_s(first, a)), i32x4.dot_i16x8_s(second, b));
  else {
    const p = pairs(a, first), q = pairs(b, second);
    return wide ? i32x4.add(i32x4.add(sums, widen(p)), widen(q)) : i16x8.add(i16x8.add(sums, p), q);
  }
}

// @ts-ignore: decorator
@inline
function total<A>(wide: bool, sums: v128): v128 {
  if (sizeof<A>() == 2) return sums;
  else return wide ? sums : widen(sums);
}

/** A group's share: magnitude x scale x dot + centre x sum. */
// @ts-ignore: decorator
@inline
function scaled(dots: v128, magnitude: v128, centre: v128, scale: usize, sum: usize): v128 {
  const product = f32x4.mul(f32x4.convert_i32x4_s(dots), f32x4.mul(magnitude, v128.load32_splat(scale)));
  return f32x4.add(product, f32x4.mul(centre, v128.load32_splat(sum)));
}

/** Stores the first `live` lanes. */
// @ts-ignore: decorator
@inline
function put(values: v128, live: i32, out: usize, accumulate: bool): void {
  if (live == 4) {
    v128.store(out, accumulate ? f32x4.add(v128.load(out), values) : values);
    return;
  }
  putLane(f32x4.extract_lane(values, 0), out, accumulate);
  if (live > 1) putLane(f32x4.extract_lane(values, 1), out + 4, accumulate);
  if (live > 2) putLane(f32x4.extract_lane(values, 2), out + 8, accumulate);
}

// @ts-ignore: decorator
@inline
function putLane(value: f32, out: usize, accumulate: bool): void {
  store<f32>(out, accumulate ? load<f32>(out) + value : value);
}
