import { f32x4_exp } from './exp';
import { f32_softcap } from './softcap';
import { f32x4_tanh } from './tanh';
import { Kernel } from './kernel';
import { largestLane, sumFloats, sumLanes } from './lanes';
import { jobArguments, runJob } from './team';

// @ts-ignore: decorator
@unmanaged
class Attend {
  query: usize;
  keys: usize;
  values: usize;
  out: usize;
  scores: usize;
  /** Bytes of scores for each thread. */
  scoreBytes: usize;
  heads: i32;
  kvHeads: i32;
  headDim: i32;
  capacity: i32;
  position: i32;
  window: i32;
  softcap: f32;
  everything: i32;
}

/**
 * Causal attention of `count` positions from `position` on over a float cache; query heads share key heads in runs of
 * heads / kvHeads. A unit of work is one head of one position.
 *
 * @param query f32 x count x heads x headDim
 * @param keys f32 x kvHeads x capacity x headDim
 * @param values f32 x kvHeads x capacity x headDim
 * @param out f32 x count x heads x headDim
 * @param scores scratch: threads x `scoreBytes`, of f32 x (position + count), rounded up to four
 * @param window positions that a query sees, its own included
 * @param softcap bound of the scores, by tanh; 0 for none
 * @param everything positions that every query sees, those after its own too; -1 for causal attention
 */
export function f32_attention(
  query: usize, keys: usize, values: usize, out: usize, scores: usize, scoreBytes: usize,
  heads: i32, kvHeads: i32, headDim: i32, capacity: i32, position: i32, count: i32,
  window: i32, softcap: f32, everything: i32,
): void {
  const job = changetype<Attend>(jobArguments());
  job.query = query;
  job.keys = keys;
  job.values = values;
  job.out = out;
  job.scores = scores;
  job.scoreBytes = scoreBytes;
  job.heads = heads;
  job.kvHeads = kvHeads;
  job.headDim = headDim;
  job.capacity = capacity;
  job.position = position;
  job.window = window;
  job.softcap = softcap;
  job.everything = everything;
  runJob(Kernel.ATTEND, count * heads, 1);
}

export function attendUnits(first: i32, end: i32, member: i32): void {
  const job = changetype<Attend>(jobArguments());
  const headDim = job.headDim, heads = job.heads;
  const scores = job.scores + <usize>member * job.scoreBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>headDim);
  for (let unit = first; unit < end; ++unit) {
    const row = <usize>(unit * headDim) << 2;
    const end = job.everything >= 0 ? job.everything : job.position + unit / heads + 1;
    const begin = max(0, end - job.window), length = end - begin;
    const kvHead = (unit % heads) / (heads / job.kvHeads);
    const cache = <usize>(kvHead * job.capacity + begin) * (<usize>headDim << 2);
    let most = score(job.query + row, job.keys + cache, scores, headDim, length, scale);
    if (job.softcap > 0) most = bound(scores, length, most, job.softcap);
    const total = exponentiate(scores, length, most);
    mix(job.values + cache, scores, job.out + row, headDim, length, 1 / total);
  }
}

/** Holds scores within plus and minus `softcap`; returns what becomes of the largest. */
export function bound(scores: usize, length: i32, most: f32, softcap: f32): f32 {
  f32_softcap(scores, length, softcap);
  return softcap * f32x4.extract_lane(f32x4_tanh(f32x4.splat(most / softcap)), 0);
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
    most = max(most, largestLane(products));
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
export function exponentiate(scores: usize, length: i32, most: f32): f32 {
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

/**
 * Puts `count` positions from `position` on into a float cache.
 *
 * @param key f32 x count x kvHeads x headDim
 * @param keys f32 x kvHeads x capacity x headDim
 */
export function f32_append(
  key: usize, value: usize, keys: usize, values: usize, kvHeads: i32, headDim: i32, capacity: i32, position: i32, count: i32,
): void {
  const bytes = <usize>headDim << 2;
  for (let t = 0; t < count; ++t) {
    for (let head = 0; head < kvHeads; ++head) {
      const row = <usize>(head * capacity + position + t) * bytes;
      memory.copy(keys + row, key, bytes);
      memory.copy(values + row, value, bytes);
      key += bytes;
      value += bytes;
    }
  }
}
