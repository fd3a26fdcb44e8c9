/** x += y, over `count` floats. */
export function f32_add(x: usize, y: usize, count: i32): void {
  const whole = count & ~3;
  let i = 0;
  for (; i < whole; i += 4) {
    const at = <usize>i << 2;
    v128.store(x + at, f32x4.add(v128.load(x + at), v128.load(y + at)));
  }
  for (; i < count; ++i) {
    const at = <usize>i << 2;
    store<f32>(x + at, load<f32>(x + at) + load<f32>(y + at));
  }
}
