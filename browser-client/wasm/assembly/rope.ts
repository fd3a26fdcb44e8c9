/**
 * Rotates the heads of one position in place. Element i of a head's first half turns with element i of its second
 * half, as in the Llama checkpoints of transformers.
 *
 * @param x f32 x heads x headDim
 * @param cosines f32 x headDim / 2 for this position
 * @param sines f32 x headDim / 2 for this position
 */
export function f32_rope(x: usize, cosines: usize, sines: usize, heads: i32, headDim: i32): void {
  const half = headDim >> 1;
  const whole = half & ~3;
  const far = <usize>half << 2;
  for (let head = 0; head < heads; ++head) {
    const first = x + (<usize>(head * headDim) << 2);
    let i = 0;
    for (; i < whole; i += 4) {
      const at = <usize>i << 2;
      const c = v128.load(cosines + at), s = v128.load(sines + at);
      const a = v128.load(first + at), b = v128.load(first + far + at);
      v128.store(first + at, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
      v128.store(first + far + at, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)));
    }
    for (; i < half; ++i) {
      const at = <usize>i << 2;
      const c = load<f32>(cosines + at), s = load<f32>(sines + at);
      const a = load<f32>(first + at), b = load<f32>(first + far + at);
      store<f32>(first + at, a * c - b * s);
      store<f32>(first + far + at, b * c + a * s);
    }
  }
}
