import { f32x4_exp } from './exp';

/** tanh(x), four lanes at a time: 1 - 2 / (e^2x + 1), to within 2^-22 of 1. */
// @ts-ignore: decorator
@inline
export function f32x4_tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const power = f32x4_exp(f32x4.add(x, x));
  return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(power, one)));
}
