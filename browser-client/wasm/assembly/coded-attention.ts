import { bound, exponentiate } from './attention';
import {
  BLOCK, CodedCache, codedEnd, headBytes, keyBlockBytes, rowOf, SINKS, valueBlockBytes,
} from './coded-cache';
import { scoreBlock } from './coded-keys';
import { mixBlock } from './coded-values';
import { mixHalves, scoreHalves } from './half-rows';
import { HALF_SCALE } from './half';
import { Kernel } from './kernel';
import { Scratch, SCORES } from './scratch';
import { jobArguments, runJob } from './team';

// Attention over a cache in codes (docs/kv-cache.md): sinks and recent tokens as float16, what lies between by integer dot
// products with codes. Scores lie in the order of tokens, so that one softmax serves all.

// @ts-ignore: decorator
@unmanaged
class Attend {
  cache: CodedCache;
  query: usize;
  out: usize;
  scratch: usize;
  scratchBytes: usize;
  heads: i32;
  position: i32;
  window: i32;
  softcap: f32;
}

/** Bytes of scratch that a thread needs for sequences of up to `capacity` tokens. */
export function kv_scratch_bytes(capacity: i32): i32 {
  return <i32>SCORES + ((capacity + 7) << 2);
}

/**
 * Causal attention of `count` positions from `position` on; query heads share key heads in runs. A unit of work is one
 * head of one position.
 *
 * @param query f32 x count x heads x headDim, at most 256 channels a head
 * @param out f32 x count x heads x headDim
 * @param scratch threads x `scratchBytes`
 * @param window positions that a query sees, its own included
 * @param softcap bound of the scores, by tanh; 0 for none
 */
export function kv_attention(
  cache: usize, query: usize, out: usize, scratch: usize, scratchBytes: usize, heads: i32, position: i32, count: i32,
  window: i32, softcap: f32,
): void {
  const job = changetype<Attend>(jobArguments());
  job.cache = changetype<CodedCache>(cache);
  job.query = query;
  job.out = out;
  job.scratch = scratch;
  job.scratchBytes = scratchBytes;
  job.heads = heads;
  job.position = position;
  job.window = window;
  job.softcap = softcap;
  runJob(Kernel.ATTEND_CODED, count * heads, 1);
}

export function attendCodedUnits(first: i32, end: i32, member: i32): void {
  const job = changetype<Attend>(jobArguments());
  const cache = job.cache, heads = job.heads;
  const scratch = changetype<Scratch>(job.scratch + <usize>member * job.scratchBytes);
  for (let unit = first; unit < end; ++unit) {
    const row = <usize>(unit * cache.headDim) << 2;
    const kvHead = (unit % heads) / (heads / cache.kvHeads);
    attendHead(job, kvHead, job.position + unit / heads, job.query + row, job.out + row, scratch);
  }
}

function attendHead(job: Attend, kvHead: i32, position: i32, query: usize, out: usize, scratch: Scratch): void {
  const cache = job.cache;
  const length = position + 1, far = min(length, SINKS), near = min(length, codedEnd(cache, position));
  const rows = <usize>kvHead * headBytes(cache);
  const scores = scratch.scores();
  prepare(cache, query, scratch);
  scoreRows(cache, cache.keys + rows, scratch, 0, far);
  scoreBlocks(cache, kvHead, query, scratch, near);
  scoreRows(cache, cache.keys + rows, scratch, near, length);
  for (let token = 0; token < length - job.window; ++token) store<f32>(scores + (<usize>token << 2), -Infinity);
  let most = largest(scores, length);
  if (job.softcap > 0) most = softcapSeen(scores, length, most, job);
  const total = exponentiate(scores, length, most);
  mixRows(cache, cache.values + rows, scratch, 0, far);
  mixBlocks(cache, kvHead, scratch, near);
  mixRows(cache, cache.values + rows, scratch, near, length);
  const inverse = f32(1) / total;
  for (let i: usize = 0; i < <usize>cache.headDim << 2; i += 4) store<f32>(out + i, load<f32>(scratch.mixed() + i) * inverse);
}

/** Bounds the scores of the tokens in the window; those before it stay out. */
function softcapSeen(scores: usize, length: i32, most: f32, job: Attend): f32 {
  const capped = bound(scores, length, most, job.softcap);
  for (let token = 0; token < length - job.window; ++token) store<f32>(scores + (<usize>token << 2), -Infinity);
  return capped;
}

/** The query times 2^112 and 1 / sqrt(headDim), for keys as `halves4` reads them, and an empty mixture. */
function prepare(cache: CodedCache, query: usize, scratch: Scratch): void {
  const scale: f32 = 1 / sqrt<f32>(<f32>cache.headDim);
  memory.fill(scratch.mixed(), 0, 1024);
  for (let i: usize = 0; i < <usize>cache.headDim << 2; i += 4) {
    store<f32>(scratch.query() + i, load<f32>(query + i) * scale * HALF_SCALE);
  }
}

/** Tokens `first` .. `end` as they are, in runs that lie one after another. */
function scoreRows(cache: CodedCache, rows: usize, scratch: Scratch, first: i32, end: i32): void {
  for (let token = first; token < end; ) {
    const row = rowOf(cache, token);
    const count = min(end - token, runOf(cache, row));
    const keys = rows + (<usize>(row * cache.headDim) << 1);
    scoreHalves(scratch.query(), keys, scratch.scores() + (<usize>token << 2), cache.headDim, count);
    token += count;
  }
}

function mixRows(cache: CodedCache, rows: usize, scratch: Scratch, first: i32, end: i32): void {
  for (let token = first; token < end; ) {
    const row = rowOf(cache, token);
    const count = min(end - token, runOf(cache, row));
    const values = rows + (<usize>(row * cache.headDim) << 1);
    mixHalves(values, scratch.scores() + (<usize>token << 2), scratch.mixed(), cache.headDim, count);
    token += count;
  }
}

/** Rows from `row` on whose tokens follow one another. */
// @ts-ignore: decorator
@inline
function runOf(cache: CodedCache, row: i32): i32 {
  return row < SINKS ? SINKS - row : SINKS + cache.slots - row;
}

function scoreBlocks(cache: CodedCache, kvHead: i32, query: usize, scratch: Scratch, end: i32): void {
  const bytes = <usize>keyBlockBytes(cache.headDim, cache.keyBits);
  let block = cache.keyBlocks + <usize>(kvHead * cache.blocks) * bytes;
  for (let token = SINKS; token < end; token += BLOCK) {
    scoreBlock(cache.keyBits, cache.headDim, query, block, scratch, scratch.scores() + (<usize>token << 2));
    block += bytes;
  }
}

function mixBlocks(cache: CodedCache, kvHead: i32, scratch: Scratch, end: i32): void {
  const bytes = <usize>valueBlockBytes(cache.headDim, cache.valueBits);
  let block = cache.valueBlocks + <usize>(kvHead * cache.blocks) * bytes;
  for (let token = SINKS; token < end; token += BLOCK) {
    mixBlock(cache.valueBits, cache.headDim, block, scratch, scratch.scores() + (<usize>token << 2));
    block += bytes;
  }
}

function largest(scores: usize, count: i32): f32 {
  let most: f32 = -Infinity;
  for (let i = 0; i < count; ++i) most = max(most, load<f32>(scores + (<usize>i << 2)));
  return most;
}
