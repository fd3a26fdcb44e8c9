import { fromHalf, HALF_SCALE, halves4 } from './half';
import { sumFloats, sumLanes } from './lanes';

// Attention over rows in float16.

/** The products of a query, times 2^112, with `count` keys, f16 x count x headDim. */
export function scoreHalves(query: usize, keys: usize, scores: usize, headDim: i32, count: i32): void {
  const row = <usize>headDim << 1;
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    v128.store(scores + (<usize>j << 2), fourProducts(query, keys, row, headDim));
    keys += row << 2;
  }
  for (; j < count; ++j) {
    store<f32>(scores + (<usize>j << 2), oneProduct(query, keys, headDim));
    keys += row;
  }
}

// @ts-ignore: decorator
@inline
function fourProducts(query: usize, keys: usize, row: usize, headDim: i32): v128 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  const whole = <usize>(headDim & ~3) << 1;
  const second = keys + row, third = second + row, fourth = third + row;
  for (let at: usize = 0; at < whole; at += 8) {
    const q = v128.load(query + 2 * at);
    a = f32x4.add(a, f32x4.mul(q, halves4(keys + at)));
    b = f32x4.add(b, f32x4.mul(q, halves4(second + at)));
    c = f32x4.add(c, f32x4.mul(q, halves4(third + at)));
    d = f32x4.add(d, f32x4.mul(q, halves4(fourth + at)));
  }
  const products = sumFloats(a, b, c, d);
  if (whole == row) return products;
  const tails = f32x4(tail(query, keys, headDim), tail(query, second, headDim), tail(query, third, headDim), tail(query, fourth, headDim));
  return f32x4.add(products, tails);
}

// @ts-ignore: decorator
@inline
function oneProduct(query: usize, keys: usize, headDim: i32): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < <usize>(headDim & ~3) << 1; at += 8) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(query + 2 * at), halves4(keys + at)));
  }
  return sumLanes(sum) + tail(query, keys, headDim);
}

/** What channels past the last whole vector add. */
function tail(query: usize, key: usize, headDim: i32): f32 {
  let sum: f32 = 0;
  for (let i = headDim & ~3; i < headDim; ++i) {
    sum += load<f32>(query + (<usize>i << 2)) * (fromHalf(key + (<usize>i << 1)) / HALF_SCALE);
  }
  return sum;
}

/** mixed += the sum of weights x values, f16 x count x headDim. */
export function mixHalves(values: usize, weights: usize, mixed: usize, headDim: i32, count: i32): void {
  const row = <usize>headDim << 1;
  let at: usize = 0;
  for (; at + 32 <= row; at += 32) mixSixteen(values + at, weights, mixed + 2 * at, row, count);
  for (; at + 8 <= row; at += 8) mixFour(values + at, weights, mixed + 2 * at, row, count);
  for (; at < row; at += 2) {
    let sum = load<f32>(mixed + 2 * at);
    for (let j = 0; j < count; ++j) sum += load<f32>(weights + (<usize>j << 2)) * fromHalf(values + at + <usize>j * row);
    store<f32>(mixed + 2 * at, sum);
  }
}

// @ts-ignore: decorator
@inline
function mixSixteen(values: usize, weights: usize, mixed: usize, row: usize, count: i32): void {
  let a = v128.load(mixed), b = v128.load(mixed, 16), c = v128.load(mixed, 32), d = v128.load(mixed, 48);
  const scale = f32x4.splat(HALF_SCALE);
  for (let j = 0; j < count; ++j) {
    const weight = f32x4.mul(v128.load32_splat(weights + (<usize>j << 2)), scale);
    a = f32x4.add(a, f32x4.mul(weight, halves4(values)));
    b = f32x4.add(b, f32x4.mul(weight, halves4(values + 8)));
    c = f32x4.add(c, f32x4.mul(weight, halves4(values + 16)));
    d = f32x4.add(d, f32x4.mul(weight, halves4(values + 24)));
    values += row;
  }
  v128.store(mixed, a);
  v128.store(mixed, b, 16);
  v128.store(mixed, c, 32);
  v128.store(mixed, d, 48);
}

// @ts-ignore: decorator
@inline
function mixFour(values: usize, weights: usize, mixed: usize, row: usize, count: i32): void {
  let sum = v128.load(mixed);
  const scale = f32x4.splat(HALF_SCALE);
  for (let j = 0; j < count; ++j) {
    const weight = f32x4.mul(v128.load32_splat(weights + (<usize>j << 2)), scale);
    sum = f32x4.add(sum, f32x4.mul(weight, halves4(values)));
    values += row;
  }
  v128.store(mixed, sum);
}
