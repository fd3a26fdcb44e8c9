import { fromHalf, toHalf } from './half';

// A layer's keys and values in codes: docs/kv-cache.md is the specification, of the rule and of where bytes lie.

/** First tokens, which stay as they are. */
export const SINKS: i32 = 4;
/** Tokens that are coded together. */
export const BLOCK: i32 = 32;
/** Channels of a value that share a scale. */
export const VALUE_GROUP: i32 = 64;

/** One layer's cache, as the host describes it. */
// @ts-ignore: decorator
@unmanaged
export class CodedCache {
  /** f16 x kvHeads x (SINKS + slots) x headDim */
  keys: usize;
  values: usize;
  /** kvHeads x blocks x keyBlockBytes */
  keyBlocks: usize;
  valueBlocks: usize;
  kvHeads: i32;
  headDim: i32;
  /** Places of the ring of recent tokens. */
  slots: i32;
  blocks: i32;
  keyBits: i32;
  valueBits: i32;
  window: i32;
}

/** End of the tokens that a query at `position` sees coded. */
export function codedEnd(cache: CodedCache, position: i32): i32 {
  return SINKS + (max(0, position + 1 - cache.window - SINKS) / BLOCK) * BLOCK;
}

/** Row of a token that is kept as it is, within a head's rows. */
// @ts-ignore: decorator
@inline
export function rowOf(cache: CodedCache, token: i32): i32 {
  return token < SINKS ? token : SINKS + (token - SINKS) % cache.slots;
}

/** Bytes of a head's rows. */
// @ts-ignore: decorator
@inline
export function headBytes(cache: CodedCache): usize {
  return <usize>((SINKS + cache.slots) * cache.headDim) << 1;
}

/** Channels of a key as they are coded: whole vectors. */
// @ts-ignore: decorator
@inline
export function keyWidth(headDim: i32, bits: i32): i32 {
  return bits < 4 ? (headDim + 63) & ~63 : (headDim + 31) & ~31;
}

// @ts-ignore: decorator
@inline
export function valueWidth(headDim: i32): i32 {
  return (headDim + 31) & ~31;
}

export function keyBlockBytes(headDim: i32, bits: i32): i32 {
  const width = keyWidth(headDim, bits);
  return 4 * width + (BLOCK * width * bits) / 8;
}

export function valueBlockBytes(headDim: i32, bits: i32): i32 {
  return valueGroups(headDim) * BLOCK * 4 + (BLOCK * valueWidth(headDim) * bits) / 8;
}

// @ts-ignore: decorator
@inline
export function valueGroups(headDim: i32): i32 {
  return (headDim + VALUE_GROUP - 1) / VALUE_GROUP;
}

/**
 * Puts `count` tokens from `position` on into a layer's cache, and codes the blocks that a query among them is the first
 * to see coded.
 *
 * @param keys f32 x count x kvHeads x headDim, turned to their positions
 * @param values f32 x count x kvHeads x headDim
 */
export function kv_append(address: usize, keys: usize, values: usize, position: i32, count: i32): void {
  const cache = changetype<CodedCache>(address);
  const headDim = cache.headDim;
  for (let t = 0; t < count; ++t) {
    const row = <usize>(rowOf(cache, position + t) * headDim) << 1;
    for (let head = 0; head < cache.kvHeads; ++head) {
      const target = <usize>head * headBytes(cache) + row;
      storeHalves(keys, cache.keys + target, headDim);
      storeHalves(values, cache.values + target, headDim);
      keys += <usize>headDim << 2;
      values += <usize>headDim << 2;
    }
  }
  const end = codedEnd(cache, position + count - 1);
  for (let token = codedEnd(cache, position - 1); token < end; token += BLOCK) codeBlock(cache, token);
}

function storeHalves(x: usize, target: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; ++i) store<u16>(target + 2 * i, toHalf(load<f32>(x + 4 * i)));
}

function codeBlock(cache: CodedCache, token: i32): void {
  const index = (token - SINKS) / BLOCK;
  const keyBytes = keyBlockBytes(cache.headDim, cache.keyBits), valueBytes = valueBlockBytes(cache.headDim, cache.valueBits);
  for (let head = 0; head < cache.kvHeads; ++head) {
    const rows = <usize>head * headBytes(cache);
    const block = head * cache.blocks + index;
    codeKeys(cache, cache.keys + rows, token, cache.keyBlocks + <usize>(block * keyBytes));
    codeValues(cache, cache.values + rows, token, cache.valueBlocks + <usize>(block * valueBytes));
  }
}

/** Address of a channel of a token among a head's rows. */
// @ts-ignore: decorator
@inline
function element(cache: CodedCache, rows: usize, token: i32, channel: i32): usize {
  return rows + (<usize>(rowOf(cache, token) * cache.headDim + channel) << 1);
}

/** Least value and step of a set of numbers, and how to code one of them. */
let least: f32 = 0;
let greatest: f32 = 0;
let base: f32 = 0;
let step: f32 = 0;

// @ts-ignore: decorator
@inline
function begin(): void {
  least = Infinity;
  greatest = -Infinity;
}

// @ts-ignore: decorator
@inline
function include(value: f32): void {
  least = min(least, value);
  greatest = max(greatest, value);
}

/** Stores base and step at `bases` and `steps`. */
function settle(bits: i32, bases: usize, steps: usize): void {
  store<u16>(bases, toHalf(least));
  base = fromHalf(bases);
  store<u16>(steps, toHalf((greatest - base) / <f32>((1 << bits) - 1)));
  step = fromHalf(steps);
}

// @ts-ignore: decorator
@inline
function code(value: f32, bits: i32): u32 {
  const most: f32 = <f32>((1 << bits) - 1);
  return step > 0 ? <u32>min(most, max(0, floor((value - base) / step + 0.5))) : 0;
}

/** Bases, steps, then codes token by token; channels past the head's have step 0. */
function codeKeys(cache: CodedCache, rows: usize, token: i32, block: usize): void {
  const bits = cache.keyBits, headDim = cache.headDim;
  const width = keyWidth(headDim, bits);
  const codes = block + (<usize>width << 2);
  const tokenBytes = <usize>((width * bits) >> 3);
  memory.fill(block, 0, <usize>keyBlockBytes(headDim, bits));
  for (let channel = 0; channel < headDim; ++channel) {
    begin();
    for (let t = 0; t < BLOCK; ++t) include(fromHalf(element(cache, rows, token + t, channel)));
    settle(bits, block + (<usize>channel << 1), block + (<usize>(width + channel) << 1));
    for (let t = 0; t < BLOCK; ++t) {
      const value = code(fromHalf(element(cache, rows, token + t, channel)), bits);
      putKey(codes + <usize>t * tokenBytes, channel, bits, value);
    }
  }
}

/** Puts a code where a shift and a mask of 16-bit lanes will find it. */
function putKey(codes: usize, channel: i32, bits: i32, value: u32): void {
  const span = bits < 4 ? 64 : 32;
  const i = channel % span;
  const lane = <usize>(i & 7), field = i >> 3;
  codes += <usize>((channel / span) * ((span * bits) >> 3));
  if (bits == 8) {
    store<u8>(codes + <usize>(16 * (field >> 1)) + 2 * lane + <usize>(field & 1), <u8>value);
    return;
  }
  const upper = bits == 3 ? value >> 1 : value;
  const width = bits == 4 ? 4 : 2;
  store<u16>(codes + 2 * lane, <u16>(load<u16>(codes + 2 * lane) | (upper << (width * field))));
  if (bits == 3) store<u8>(codes + 16 + lane, <u8>(load<u8>(codes + 16 + lane) | ((value & 1) << field)));
}

/** For each group of channels its tokens' pairs (base, step); then codes by pairs of tokens, span by span. */
function codeValues(cache: CodedCache, rows: usize, token: i32, block: usize): void {
  const bits = cache.valueBits, headDim = cache.headDim;
  const codes = block + (<usize>(valueGroups(headDim) * BLOCK) << 2);
  memory.fill(block, 0, <usize>valueBlockBytes(headDim, bits));
  for (let t = 0; t < BLOCK; ++t) {
    for (let group = 0; group < valueGroups(headDim); ++group) {
      const first = group * VALUE_GROUP, end = min(first + VALUE_GROUP, headDim);
      begin();
      for (let channel = first; channel < end; ++channel) include(fromHalf(element(cache, rows, token + t, channel)));
      const pair = block + (<usize>(group * BLOCK + t) << 2);
      settle(bits, pair, pair + 2);
      for (let channel = first; channel < end; ++channel) {
        putValue(codes, headDim, t, channel, bits, code(fromHalf(element(cache, rows, token + t, channel)), bits));
      }
    }
  }
}

/** Puts a code beside that of the neighbouring token, so that a dot product of 16-bit lanes adds the two. */
function putValue(codes: usize, headDim: i32, token: i32, channel: i32, bits: i32, value: u32): void {
  const span = valueSpan(bits);
  const i = channel % span;
  const lane = <usize>(2 * (i & 3) + (token & 1)), field = i >> 2;
  codes += <usize>((channel / span) * (BLOCK / 2) * spanBytes(bits) + (token >> 1) * spanBytes(bits));
  if (bits == 8) {
    store<u8>(codes + 2 * lane + <usize>field, <u8>value);
    return;
  }
  const upper = bits == 3 ? value >> 1 : value;
  const width = bits == 4 ? 4 : 2;
  store<u16>(codes + 2 * lane, <u16>(load<u16>(codes + 2 * lane) | (upper << (width * field))));
  if (bits == 3) store<u8>(codes + 16 + lane, <u8>(load<u8>(codes + 16 + lane) | ((value & 1) << field)));
}

/** Channels of a span of value codes: as many as 16-bit lanes hold of two tokens. */
// @ts-ignore: decorator
@inline
export function valueSpan(bits: i32): i32 {
  return bits == 8 ? 8 : bits == 4 ? 16 : 32;
}

/** Bytes of a span of two tokens. */
// @ts-ignore: decorator
@inline
export function spanBytes(bits: i32): i32 {
  return bits == 3 ? 24 : 16;
}
