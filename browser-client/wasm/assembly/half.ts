// float16 in memory, four lanes at a time. Products take halves times 2^-112, as `halves4` leaves them, and put 2^112
// where it costs nothing: into the other factor, once.

/** What `halves4` leaves out. */
export const HALF_SCALE: f32 = 5192296858534827628530496329220096.0;

/** Four halves as floats, times 2^-112; infinities and NaN do not occur. */
// @ts-ignore: decorator
@inline
export function halves4(address: usize): v128 {
  const words = i32x4.shl(v128.load_ext<i16>(address), 13);
  return v128.and(words, i32x4.splat(0x8fffffff));
}

/** One half as a float. */
// @ts-ignore: decorator
@inline
export function fromHalf(address: usize): f32 {
  const half = <u32>load<u16>(address);
  return reinterpret<f32>(((half & 0x8000) << 16) | ((half & 0x7fff) << 13)) * HALF_SCALE;
}

/** 65504 and 2^-14 as float32. */
const LARGEST: u32 = 0x477fe000;
const SMALLEST_NORMAL: u32 = 0x38800000;

/** The nearest half, ties to even; the largest for what is beyond it. */
export function toHalf(value: f32): u16 {
  const bits = reinterpret<u32>(value);
  const sign = (bits >> 16) & 0x8000;
  const size = min(bits & 0x7fffffff, LARGEST);
  if (size >= SMALLEST_NORMAL) return <u16>(sign | ((size + 0xfff + ((size >> 13) & 1) - (112 << 23)) >> 13));
  // Half has the steps of the numbers below 2^-14 as its last bit, so the sum rounds as they do.
  return <u16>(sign | (reinterpret<u32>(reinterpret<f32>(size) + 0.5) - 0x3f000000));
}
