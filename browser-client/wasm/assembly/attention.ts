import { f32x4_exp } from './exp';
import { f32_softcap__simd128 } from './softcap';
import { f32x4_tanh } from './tanh';
import { sumFloats, sumLanes } from './group-term';

/**
 * Attention of one position over a float cache; query heads share key heads in runs of heads / kvHeads.
 *
 * @param query f32 x heads x headDim
 * @param keys f32 x kvHeads x capacity x headDim
 * @param values f32 x kvHeads x capacity x headDim
 * @param out f32 x heads x headDim
 * @param scores scratch: f32 x length, rounded up to four
 * @param length positions to look at, this one included
 * @param softcap bound of the scores, by tanh; 0 for none
 */
export function f32_attention__simd128(
  query: usize, keys: usize, values: usize, out: usize, scores: usize,
  heads: i32, kvHeads: i32, headDim: i32, capacity: i32, length: i32, softcap: f32,
): void {
  const shared = heads / kvHeads;
  const headBytes = <usize>headDim << 2;
  const cacheBytes = <usize>capacity * headBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>headDim);
  for (let head = 0; head < heads; ++head) {
    const cache = <usize>(head / shared) * cacheBytes;
    let most = score(query, keys + cache, scores, headDim, length, scale);
    if (softcap > 0) {
      f32_softcap__simd128(scores, length, softcap);
      most = softcap * f32x4.extract_lane(f32x4_tanh(f32x4.splat(most / softcap)), 0);
    }
    const total = exponentiate(scores, length, most);
    mix(values + cache, scores, out, headDim, length, 1 / total);
    query += headBytes;
    out += headBytes;
  }
}

/** Writes the scaled products of a query with every key, four keys at a time, and returns the largest. */
function score(query: usize, keys: usize, scores: usize, headDim: i32, length: i32, scale: f32): f32 {
  const row = <usize>headDim << 2;
  const whole = <usize>(headDim & ~3) << 2;
  let most: f32 = -Infinity;
  let j = 0;
  for (; j + 4 <= length; j += 4) {
    let products = fourProducts(query, keys, row, whole);
    for (let at = whole; at < row; at += 4) products = f32x4.add(products, fourTails(query + at, keys + at, row));
    products = f32x4.mul(products, f32x4.splat(scale));
    v128.store(scores + (<usize>j << 2), products);
    const halves = f32x4.max(products, v128.shuffle<i32>(products, products, 2, 3, 0, 1));
    most = max(most, max(f32x4.extract_lane(halves, 0), f32x4.extract_lane(halves, 1)));
    keys += row << 2;
  }
  for (; j < length; ++j) {
    let product: f32 = 0;
    for (let at: usize = 0; at < row; at += 4) product += load<f32>(query + at) * load<f32>(keys + at);
    product *= scale;
    most = max(most, product);
    store<f32>(scores + (<usize>j << 2), product);
    keys += row;
  }
  return most;
}

/** The products of a query's first `bytes` with four keys, one a lane. */
// @ts-ignore: decorator
@inline
function fourProducts(query: usize, keys: usize, row: usize, bytes: usize): v128 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  const second = keys + row, third = second + row, fourth = third + row;
  for (let at: usize = 0; at < bytes; at += 16) {
    const q = v128.load(query + at);
    a = f32x4.add(a, f32x4.mul(q, v128.load(keys + at)));
    b = f32x4.add(b, f32x4.mul(q, v128.load(second + at)));
    c = f32x4.add(c, f32x4.mul(q, v128.load(third + at)));
    d = f32x4.add(d, f32x4.mul(q, v128.load(fourth + at)));
  }
  return sumFloats(a, b, c, d);
}

/** One element's share of four products. */
// @ts-ignore: decorator
@inline
function fourTails(query: usize, keys: usize, row: usize): v128 {
  const low = v128.load32_lane(keys + row, v128.load32_zero(keys), 1);
  const both = v128.load32_lane(keys + 3 * row, v128.load32_lane(keys + 2 * row, low, 2), 3);
  return f32x4.mul(v128.load32_splat(query), both);
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

/** out = sum of weights x values, times `inverse`: sixteen columns at a time, then four, then one. */
function mix(values: usize, weights: usize, out: usize, headDim: i32, length: i32, inverse: f32): void {
  const row = <usize>headDim << 2;
  const inverses = f32x4.splat(inverse);
  let at: usize = 0;
  for (; at + 64 <= row; at += 64) mixSixteen(values + at, weights, out + at, row, length, inverses);
  for (; at + 16 <= row; at += 16) {
    let sum = f32x4.splat(0);
    let source = values + at;
    for (let j = 0; j < length; ++j, source += row) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + (<usize>j << 2)), v128.load(source)));
    }
    v128.store(out + at, f32x4.mul(sum, inverses));
  }
  for (; at < row; at += 4) {
    let sum: f32 = 0;
    let source = values + at;
    for (let j = 0; j < length; ++j, source += row) sum += load<f32>(weights + (<usize>j << 2)) * load<f32>(source);
    store<f32>(out + at, sum * inverse);
  }
}

// @ts-ignore: decorator
@inline
function mixSixteen(values: usize, weights: usize, out: usize, row: usize, length: i32, inverses: v128): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let j = 0; j < length; ++j) {
    const weight = v128.load32_splat(weights + (<usize>j << 2));
    a = f32x4.add(a, f32x4.mul(weight, v128.load(values)));
    b = f32x4.add(b, f32x4.mul(weight, v128.load(values, 16)));
    c = f32x4.add(c, f32x4.mul(weight, v128.load(values, 32)));
    d = f32x4.add(d, f32x4.mul(weight, v128.load(values, 48)));
    values += row;
  }
  v128.store(out, f32x4.mul(a, inverses));
  v128.store(out, f32x4.mul(b, inverses), 16);
  v128.store(out, f32x4.mul(c, inverses), 32);
  v128.store(out, f32x4.mul(d, inverses), 48);
}
