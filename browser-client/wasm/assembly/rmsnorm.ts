import { sumLanes } from './lanes';

/** out = x / sqrt(mean(x^2) + epsilon) * gain, over one row of `cols` floats; `out` may be `x`. */
export function f32_rmsnorm(x: usize, gain: usize, out: usize, cols: i32, epsilon: f32): void {
  let squares = f32x4.splat(0);
  const whole = cols & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    const v = v128.load(x + (<usize>i << 2));
    squares = f32x4.add(squares, f32x4.mul(v, v));
  }
  let total = sumLanes(squares);
  for (; i < cols; ++i) total += load<f32>(x + (<usize>i << 2)) * load<f32>(x + (<usize>i << 2));
  const inverse: f32 = 1 / sqrt<f32>(total / <f32>cols + epsilon);
  const inverses = f32x4.splat(inverse);
  for (i = 0; i < whole; i += 4) {
    const at = <usize>i << 2;
    v128.store(out + at, f32x4.mul(f32x4.mul(v128.load(x + at), inverses), v128.load(gain + at)));
  }
  for (; i < cols; ++i) {
    const at = <usize>i << 2;
    store<f32>(out + at, load<f32>(x + at) * inverse * load<f32>(gain + at));
  }
}
