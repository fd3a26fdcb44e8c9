import { f32x4_tanh } from './tanh';

/** The root of 2 / pi. */
const SCALE: f32 = 0.7978845608028654;
const CUBIC: f32 = 0.044715;

/**
 * gate = gelu(gate) * up by the tanh approximation, over `count` floats, in place; both arrays are padded to 16 bytes.
 */
export function f32_gelu_mul(gate: usize, up: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const g = v128.load(gate + at);
    const square = f32x4.add(one, f32x4.mul(f32x4.splat(CUBIC), f32x4.mul(g, g)));
    const t = f32x4_tanh(f32x4.mul(f32x4.mul(f32x4.splat(SCALE), g), square));
    const half = f32x4.mul(f32x4.splat(0.5), f32x4.mul(g, v128.load(up + at)));
    v128.store(gate + at, f32x4.mul(half, f32x4.add(one, t)));
  }
}
