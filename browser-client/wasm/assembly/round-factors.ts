import { largestLane } from './lanes';

const LARGEST: f32 = 32767;
/** Below this factors count as zero: the inverse of their scale could overflow. */
const SMALLEST: f32 = 1e-35;

/** Rounds `count` floats, a multiple of eight, to 16-bit integers with one scale, which is returned. */
export function roundFactors(x: usize, count: i32, out: usize): f32 {
  let most = f32x4.splat(0);
  const end = <usize>count << 2;
  for (let at: usize = 0; at < end; at += 16) most = f32x4.max(most, f32x4.abs(v128.load(x + at)));
  const scale = largestLane(most) / LARGEST;
  const inverses = f32x4.splat(scale > SMALLEST ? 1 / scale : 0);
  for (let at: usize = 0; at < end; at += 32) {
    const low = f32x4.nearest(f32x4.mul(v128.load(x + at), inverses));
    const high = f32x4.nearest(f32x4.mul(v128.load(x + at, 16), inverses));
    v128.store(out + (at >> 1), i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(low), i32x4.trunc_sat_f32x4_s(high)));
  }
  return scale;
}
