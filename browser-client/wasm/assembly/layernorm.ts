import { sumLanes } from './lanes';

/** x = (x - mean) / sqrt(variance + epsilon) * gain + bias, over one row of `cols` floats in place. */
export function f32_layernorm(x: usize, gain: usize, bias: usize, cols: i32, epsilon: f32): void {
  const whole = cols & ~3;
  let sums = f32x4.splat(0);
  let i = 0;
  for (; i < whole; i += 4) sums = f32x4.add(sums, v128.load(x + (<usize>i << 2)));
  let sum = sumLanes(sums);
  for (; i < cols; ++i) sum += load<f32>(x + (<usize>i << 2));
  const mean: f32 = sum / <f32>cols;
  const means = f32x4.splat(mean);
  let squares = f32x4.splat(0);
  for (i = 0; i < whole; i += 4) {
    const v = f32x4.sub(v128.load(x + (<usize>i << 2)), means);
    squares = f32x4.add(squares, f32x4.mul(v, v));
  }
  let square = sumLanes(squares);
  for (; i < cols; ++i) {
    const v = load<f32>(x + (<usize>i << 2)) - mean;
    square += v * v;
  }
  const inverse: f32 = 1 / sqrt<f32>(square / <f32>cols + epsilon);
  const inverses = f32x4.splat(inverse);
  for (i = 0; i < whole; i += 4) {
    const at = <usize>i << 2;
    const v = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses);
    v128.store(x + at, f32x4.add(f32x4.mul(v, v128.load(gain + at)), v128.load(bias + at)));
  }
  for (; i < cols; ++i) {
    const at = <usize>i << 2;
    store<f32>(x + at, (load<f32>(x + at) - mean) * inverse * load<f32>(gain + at) + load<f32>(bias + at));
  }
}
