// The scale side of the integer dot product, four groups at a time, and sums of lanes.

/**
 * Four groups' share of a row: s * (factor * scale * dot + (centre + sign * shift) * sum), lane by lane.
 *
 * @param dots i32x4, one integer dot product a lane
 * @param bytes address of the four scale bytes
 * @param scales address of the activations' four scales
 * @param sums address of the activations' four sums
 * @param factor f32x4, 1 / 2^(depth-1)
 * @param centre f32x4, 1 / 2^depth - 1
 * @param shift f32x4, the tensor's shift
 */
// @ts-ignore: decorator
@inline
export function groupTerm(
  dots: v128, bytes: usize, scales: usize, sums: usize, factor: v128, centre: v128, shift: v128,
): v128 {
  const packed = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
  const magnitude = f32x4.convert_i32x4_s(v128.and(packed, i32x4.splat(0x7f)));
  const sign = v128.and(i32x4.shl(packed, 24), i32x4.splat(0x80000000));
  const products = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(dots), factor), v128.load(scales));
  const constants = f32x4.mul(f32x4.add(centre, v128.xor(shift, sign)), v128.load(sums));
  return f32x4.mul(magnitude, f32x4.add(products, constants));
}

/** Sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const halves = f32x4.add(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}

/** Lane sums of four vectors, one a lane. */
// @ts-ignore: decorator
@inline
export function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7));
  return sumPairs(ab, cd);
}

/** Sums of neighbouring lanes of two vectors, one a lane. */
// @ts-ignore: decorator
@inline
export function sumPairs(ab: v128, cd: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
}

/** Lane sums of four float vectors, one a lane. */
// @ts-ignore: decorator
@inline
export function sumFloats(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7));
}
