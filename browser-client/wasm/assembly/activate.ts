import { f32x4_exp } from './exp';
import { f32x4_tanh } from './tanh';

const ROOT_HALF: f32 = 0.7071067811865476;
/** The root of 2 / pi. */
const SCALE: f32 = 0.7978845608028654;
const CUBIC: f32 = 0.044715;
const QUICK: f32 = 1.702;

/**
 * x = activation(x), over `count` floats in place; the array is padded to 16 bytes.
 *
 * @param activation 0: gelu, 1: gelu by the tanh approximation, 2: x sigmoid(1.702 x)
 */
export function f32_activate(x: usize, count: i32, activation: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = x + (<usize>i << 2);
    const v = v128.load(at);
    if (activation == 0) v128.store(at, gelu(v));
    else if (activation == 1) v128.store(at, geluTanh(v));
    else v128.store(at, quickGelu(v));
  }
}

// @ts-ignore: decorator
@inline
function gelu(x: v128): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.mul(f32x4.splat(0.5), x);
  return f32x4.mul(half, f32x4.add(one, f32x4_erf(f32x4.mul(x, f32x4.splat(ROOT_HALF)))));
}

// @ts-ignore: decorator
@inline
function geluTanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const square = f32x4.add(one, f32x4.mul(f32x4.splat(CUBIC), f32x4.mul(x, x)));
  const t = f32x4_tanh(f32x4.mul(f32x4.mul(f32x4.splat(SCALE), x), square));
  return f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), f32x4.add(one, t));
}

// @ts-ignore: decorator
@inline
function quickGelu(x: v128): v128 {
  const power = f32x4_exp(f32x4.mul(x, f32x4.splat(-QUICK)));
  return f32x4.div(x, f32x4.add(f32x4.splat(1), power));
}

/** The error function to within 2e-7: Abramowitz and Stegun 7.1.26. */
// @ts-ignore: decorator
@inline
function f32x4_erf(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.3275911), size)));
  let sum = f32x4.add(f32x4.mul(t, f32x4.splat(1.061405429)), f32x4.splat(-1.453152027));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(1.421413741));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(-0.284496736));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(0.254829592));
  const value = f32x4.sub(one, f32x4.mul(f32x4.mul(sum, t), f32x4_exp(f32x4.neg(f32x4.mul(size, size)))));
  const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
  return v128.or(value, sign);
}
