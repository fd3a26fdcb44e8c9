import { f32x4_exp } from './exp';

/** gate = gate / (1 + e^-gate) * up, over `count` floats, in place; both arrays are padded to 16 bytes. */
export function f32_silu_mul__simd128(gate: usize, up: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const g = v128.load(gate + at);
    const gated = f32x4.div(f32x4.mul(g, v128.load(up + at)), f32x4.add(one, f32x4_exp(f32x4.neg(g))));
    v128.store(gate + at, gated);
  }
}
