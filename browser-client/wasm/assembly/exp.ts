// e^x, four lanes at a time: x = n ln 2 + r with |r| <= ln 2 / 2, a Taylor polynomial of degree 7 in r (relative
// error below 2^-26 on that interval, under the rounding of the sums), and n put into the exponent bits.

const LOG2E: f32 = 1.4426950408889634;
/** ln 2 in two parts, so that n * LN2_HIGH is exact for every n in range. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440054690583e-4;
/** Beyond these e^x leaves the normal floats. */
const HIGHEST: f32 = 88.02;
const LOWEST: f32 = -87.33;

// @ts-ignore: decorator
@inline
export function f32x4_exp(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(HIGHEST)), f32x4.splat(LOWEST));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(LOG2E)));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = step(f32x4.splat(1.0 / 5040.0), r, 1.0 / 720.0);
  p = step(p, r, 1.0 / 120.0);
  p = step(p, r, 1.0 / 24.0);
  p = step(p, r, 1.0 / 6.0);
  p = step(p, r, 0.5);
  p = step(p, r, 1);
  p = step(p, r, 1);
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

// @ts-ignore: decorator
@inline
function step(p: v128, r: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(coefficient));
}
