import { groupBytes, quad } from './codes';

// Several activation rows times a packed tensor: prefill. Four weight rows at a time are unpacked once, as pairs of
// 16-bit codes interleaved by row, and then meet every activation row. A lane is a weight row, so no sum ever runs
// across lanes: `i32x4.dot_i16x8_s` of [pair of row 0, of row 1, of row 2, of row 3] with one splat pair of activations.

/**
 * out[t][row] = the product of activation row t with weight row `row`.
 *
 * @param activations i16 x count x groups x 32, plain order
 * @param scales f32 x count x stride
 * @param sums f32 x count x stride
 * @param stride floats between the scales of neighbouring activation rows
 * @param out f32 x count x rows
 * @param scratch groups x 288 bytes
 */
export function q_matmul__simd128(
  codes: usize, scaleBytes: usize, rowScales: usize, layout: i32, depth: i32, shift: f32, rows: i32, groups: i32,
  activations: usize, scales: usize, sums: usize, stride: i32, count: i32,
  out: usize, accumulate: bool, scratch: usize,
): void {
  const magnitudes = scratch + (<usize>groups << 8);
  const centres = magnitudes + (<usize>groups << 4);
  for (let row = 0; row < rows; row += 4) {
    const live = min(4, rows - row);
    interleave(codes, layout, groups, row, live, scratch);
    rowTerms(scaleBytes, rowScales, depth, shift, groups, row, live, magnitudes, centres);
    multiply(scratch, magnitudes, centres, groups, live, activations, scales, sums, stride, count,
      out + (<usize>row << 2), rows, accumulate);
  }
}

/** Unpacks `live` (1..4) rows from `row` on as v128 x groups x 16; rows beyond repeat the first: their terms are zero. */
function interleave(codes: usize, layout: i32, groups: i32, row: i32, live: i32, pairs: usize): void {
  const rowBytes = <usize>(groups * groupBytes(layout));
  for (let r = 0; r < 4; ++r) {
    const source = codes + <usize>(row + (r < live ? r : 0)) * rowBytes;
    const lane = <usize>r << 2;
    for (let g = 0; g < groups; ++g) {
      interleaveGroup(source + <usize>(g * groupBytes(layout)), layout, pairs + (<usize>g << 8) + lane);
    }
  }
}

/**
 * What four rows, `live` of them there, multiply their integer dot products and sums of activations with.
 *
 * @param magnitudes out: f32x4 x groups, s / 127 x row scale x 1 / 2^(depth-1)
 * @param centres out: f32x4 x groups, s / 127 x row scale x (1 / 2^depth - 1 + sign x shift)
 */
export function rowTerms(
  scaleBytes: usize, rowScales: usize, depth: i32, shift: f32, groups: i32, row: i32, live: i32,
  magnitudes: usize, centres: usize,
): void {
  const factor: f32 = 2 / <f32>(1 << depth);
  const centre: f32 = 1 / <f32>(1 << depth) - 1;
  for (let r = 0; r < 4; ++r) {
    const present = r < live;
    const bytes = scaleBytes + <usize>((row + (present ? r : 0)) * groups);
    const rowScale: f32 = present ? load<f32>(rowScales + (<usize>(row + r) << 2)) / 127 : 0;
    for (let g = 0; g < groups; ++g) {
      const byte = <i32>load<u8>(bytes + <usize>g);
      const scale = rowScale * <f32>(byte & 0x7f);
      const at = <usize>((g << 2) + r) << 2;
      store<f32>(magnitudes + at, scale * factor);
      store<f32>(centres + at, scale * (centre + (byte & 0x80 ? -shift : shift)));
    }
  }
}

/** Writes the 16 pairs of a group, one every 16 bytes. */
// @ts-ignore: decorator
@inline
function interleaveGroup(codes: usize, layout: i32, target: usize): void {
  for (let i = 0; i < 8; ++i) {
    const four = quad(codes, layout, i);
    const at = target + (<usize>i << 5);
    store<u32>(at, (four & 0xff) | ((four & 0xff00) << 8));
    store<u32>(at, ((four >> 16) & 0xff) | ((four >> 8) & 0xff0000), 16);
  }
}

/** The product of up to four interleaved weight rows with every activation row. */
function multiply(
  pairs: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, scales: usize, sums: usize, stride: i32, count: i32,
  out: usize, outStride: i32, accumulate: bool,
): void {
  const row = <usize>groups << 6;
  const scaleRow = <usize>stride << 2;
  const outRow = <usize>outStride << 2;
  let t = 0;
  for (; t + 4 <= count; t += 4) {
    fourTokens(pairs, magnitudes, centres, groups, live, activations, row, scales, sums, scaleRow, out, outRow, accumulate);
    activations += row << 2;
    scales += scaleRow << 2;
    sums += scaleRow << 2;
    out += outRow << 2;
  }
  for (; t < count; ++t) {
    oneToken(pairs, magnitudes, centres, groups, live, activations, scales, sums, out, accumulate);
    activations += row;
    scales += scaleRow;
    sums += scaleRow;
    out += outRow;
  }
}

// @ts-ignore: decorator
@inline
function fourTokens(
  pairs: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, row: usize, scales: usize, sums: usize, scaleRow: usize, out: usize, outRow: usize, accumulate: bool,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const a1 = activations + row, a2 = a1 + row, a3 = a2 + row;
  for (let g = 0; g < groups; ++g) {
    let d0 = i32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    const weights = pairs + (<usize>g << 8);
    const first = <usize>g << 6;
    for (let p: usize = 0; p < 64; p += 4) {
      const w = v128.load(weights + (p << 2));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(w, v128.load32_splat(activations + first + p)));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(w, v128.load32_splat(a1 + first + p)));
      d2 = i32x4.add(d2, i32x4.dot_i16x8_s(w, v128.load32_splat(a2 + first + p)));
      d3 = i32x4.add(d3, i32x4.dot_i16x8_s(w, v128.load32_splat(a3 + first + p)));
    }
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const centre = v128.load(centres + (<usize>g << 4));
    const at = <usize>g << 2;
    s0 = f32x4.add(s0, scaled(d0, magnitude, centre, scales + at, sums + at));
    s1 = f32x4.add(s1, scaled(d1, magnitude, centre, scales + scaleRow + at, sums + scaleRow + at));
    s2 = f32x4.add(s2, scaled(d2, magnitude, centre, scales + 2 * scaleRow + at, sums + 2 * scaleRow + at));
    s3 = f32x4.add(s3, scaled(d3, magnitude, centre, scales + 3 * scaleRow + at, sums + 3 * scaleRow + at));
  }
  put(s0, live, out, accumulate);
  put(s1, live, out + outRow, accumulate);
  put(s2, live, out + 2 * outRow, accumulate);
  put(s3, live, out + 3 * outRow, accumulate);
}

// @ts-ignore: decorator
@inline
function oneToken(
  pairs: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  let sum = f32x4.splat(0);
  for (let g = 0; g < groups; ++g) {
    let dots = i32x4.splat(0);
    const weights = pairs + (<usize>g << 8);
    const first = activations + (<usize>g << 6);
    for (let p: usize = 0; p < 64; p += 4) {
      dots = i32x4.add(dots, i32x4.dot_i16x8_s(v128.load(weights + (p << 2)), v128.load32_splat(first + p)));
    }
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const at = <usize>g << 2;
    sum = f32x4.add(sum, scaled(dots, magnitude, v128.load(centres + (<usize>g << 4)), scales + at, sums + at));
  }
  put(sum, live, out, accumulate);
}

/** A group's share: magnitude x scale x dot + centre x sum. */
// @ts-ignore: decorator
@inline
export function scaled(dots: v128, magnitude: v128, centre: v128, scale: usize, sum: usize): v128 {
  const product = f32x4.mul(f32x4.convert_i32x4_s(dots), f32x4.mul(magnitude, v128.load32_splat(scale)));
  return f32x4.add(product, f32x4.mul(centre, v128.load32_splat(sum)));
}

/** Stores the first `live` lanes. */
// @ts-ignore: decorator
@inline
export function put(values: v128, live: i32, out: usize, accumulate: bool): void {
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
