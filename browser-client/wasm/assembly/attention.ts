import { f32x4_exp } from './exp';
import { sumLanes } from './group-term';

/**
 * Attention of one position over a float cache; query heads share key heads in runs of heads / kvHeads.
 *
 * @param query f32 x heads x headDim
 * @param keys f32 x kvHeads x capacity x headDim
 * @param values f32 x kvHeads x capacity x headDim
 * @param out f32 x heads x headDim
 * @param scores scratch: f32 x length, rounded up to four
 * @param length positions to look at, this one included
 */
export function f32_attention__simd128(
  query: usize, keys: usize, values: usize, out: usize, scores: usize,
  heads: i32, kvHeads: i32, headDim: i32, capacity: i32, length: i32,
): void {
  const shared = heads / kvHeads;
  const headBytes = <usize>headDim << 2;
  const cacheBytes = <usize>capacity * headBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>headDim);
  for (let head = 0; head < heads; ++head) {
    const cache = <usize>(head / shared) * cacheBytes;
    const most = score(query, keys + cache, scores, headDim, length, scale);
    const total = exponentiate(scores, length, most);
    mix(values + cache, scores, out, headDim, length, 1 / total);
    query += headBytes;
    out += headBytes;
  }
}

/** Writes the scaled products of a query with every key and returns the largest. */
function score(query: usize, keys: usize, scores: usize, headDim: i32, length: i32, scale: f32): f32 {
  const whole = headDim & ~3;
  let most: f32 = -Infinity;
  for (let j = 0; j < length; ++j) {
    let sum = f32x4.splat(0);
    let i = 0;
    for (; i < whole; i += 4) {
      const at = <usize>i << 2;
      sum = f32x4.add(sum, f32x4.mul(v128.load(query + at), v128.load(keys + at)));
    }
    let product = sumLanes(sum);
    for (; i < headDim; ++i) product += load<f32>(query + (<usize>i << 2)) * load<f32>(keys + (<usize>i << 2));
    product *= scale;
    most = max(most, product);
    store<f32>(scores + (<usize>j << 2), product);
    keys += <usize>headDim << 2;
  }
  return most;
}

/** Replaces each score by e^(score - most) and returns their sum; the padding vanishes. */
function exponentiate(scores: usize, length: i32, most: f32): f32 {
  for (let j = length; (j & 3) != 0; ++j) store<f32>(scores + (<usize>j << 2), -Infinity);
  let total = f32x4.splat(0);
  for (let j = 0; j < length; j += 4) {
    const at = scores + (<usize>j << 2);
    const e = f32x4_exp(f32x4.sub(v128.load(at), f32x4.splat(most)));
    total = f32x4.add(total, e);
    v128.store(at, e);
  }
  return sumLanes(total);
}

/** out = sum of weights x values, times `inverse`. */
function mix(values: usize, weights: usize, out: usize, headDim: i32, length: i32, inverse: f32): void {
  const whole = headDim & ~3;
  const stride = <usize>headDim << 2;
  let i = 0;
  for (; i < whole; i += 4) {
    let sum = f32x4.splat(0);
    let at = values + (<usize>i << 2);
    for (let j = 0; j < length; ++j) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + (<usize>j << 2)), v128.load(at)));
      at += stride;
    }
    v128.store(out + (<usize>i << 2), f32x4.mul(sum, f32x4.splat(inverse)));
  }
  for (; i < headDim; ++i) {
    let sum: f32 = 0;
    for (let j = 0; j < length; ++j) {
      sum += load<f32>(weights + (<usize>j << 2)) * load<f32>(values + <usize>j * stride + (<usize>i << 2));
    }
    store<f32>(out + (<usize>i << 2), sum * inverse);
  }
}
