/** Index of the largest of `count` floats, the first of equals; -1 when one of them is no finite number. */
export function f32_argmax(x: usize, count: i32): i32 {
  let most = f32x4.splat(-Infinity);
  // x - x is zero for finite numbers and no number for all others.
  let zeros = f32x4.splat(0);
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const four = v128.load(x + (<usize>i << 2));
    most = f32x4.pmax(most, four);
    zeros = f32x4.add(zeros, f32x4.sub(four, four));
  }
  let best = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  let zero = f32x4.extract_lane(zeros, 0) + f32x4.extract_lane(zeros, 1) + f32x4.extract_lane(zeros, 2) + f32x4.extract_lane(zeros, 3);
  for (let i = whole; i < count; ++i) {
    const value = load<f32>(x + (<usize>i << 2));
    best = max(best, value);
    zero += value - value;
  }
  if (zero != 0) return -1;
  for (let i = 0; i < count; ++i) if (load<f32>(x + (<usize>i << 2)) == best) return i;
  return -1;
}
