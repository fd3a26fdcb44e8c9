import { f32x4_tanh } from './tanh';

/** x = bound * tanh(x / bound), over `count` floats in place; the array is padded to 16 bytes. */
export function f32_softcap(x: usize, count: i32, bound: f32): void {
  const bounds = f32x4.splat(bound);
  for (let i = 0; i < count; i += 4) {
    const at = x + (<usize>i << 2);
    v128.store(at, f32x4.mul(bounds, f32x4_tanh(f32x4.div(v128.load(at), bounds))));
  }
}
