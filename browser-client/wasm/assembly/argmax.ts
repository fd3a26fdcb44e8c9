/** Index of the largest of `count` floats, the first of equals; -1 when none is a number. */
export function f32_argmax__simd128(x: usize, count: i32): i32 {
  let most = f32x4.splat(-Infinity);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) most = f32x4.pmax(most, v128.load(x + (<usize>i << 2)));
  let best = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  for (let i = whole; i < count; ++i) best = max(best, load<f32>(x + (<usize>i << 2)));
  for (let i = 0; i < count; ++i) if (load<f32>(x + (<usize>i << 2)) == best) return i;
  return -1;
}
