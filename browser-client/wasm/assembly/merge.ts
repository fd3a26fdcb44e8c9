import { quad, refinementQuad } from './codes';

/**
 * Deepens packed codes by one refinement plane, in place: depth - 1 -> depth, for depth in 3..8.
 *
 * A deeper group is never shorter than the one it replaces, so walking from the last group to the first reads every
 * group before anything is written over it. When a plane comes in several segments the host merges the last first.
 *
 * @param codes the tensor's packed codes
 * @param plane refinement words of the segment, one a group
 * @param firstGroup the segment's first group in the tensor
 */
export function q_merge(codes: usize, plane: usize, firstGroup: i32, groups: i32, depth: i32): void {
  for (let g = groups - 1; g >= 0; --g) {
    const word = plane + (<usize>g << 2);
    const group = <usize>(firstGroup + g);
    if (depth == 3) mergeThird(codes, group, word);
    else if (depth == 4) mergeFourth(codes, group, word);
    else if (depth == 5) mergeFifth(codes, group, word);
    else mergeDeeper(codes + (group << 5), word);
  }
}

function mergeThird(codes: usize, group: usize, word: usize): void {
  const pairs = load<u64>(codes + (group << 3));
  const target = codes + group * 12;
  store<u64>(target, pairs);
  store<u32>(target + 8, load<u32>(word));
}

function mergeFourth(codes: usize, group: usize, word: usize): void {
  const source = codes + group * 12;
  const w0 = nibbles(source, word, 0);
  const w1 = nibbles(source, word, 1);
  const w2 = nibbles(source, word, 2);
  const w3 = nibbles(source, word, 3);
  v128.store(codes + (group << 4), i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(
    i32x4.splat(w0), 1, w1), 2, w2), 3, w3));
}

/** Word `q` of a four-bit group out of a three-bit group and its fourth bits. */
// @ts-ignore: decorator
@inline
function nibbles(source: usize, word: usize, q: i32): u32 {
  const low = (quad(source, 3, 2 * q) << 1) | refinementQuad(word, 2 * q);
  const high = (quad(source, 3, 2 * q + 1) << 1) | refinementQuad(word, 2 * q + 1);
  return low | (high << 4);
}

function mergeFifth(codes: usize, group: usize, word: usize): void {
  const source = v128.load(codes + (group << 4));
  const target = codes + (group << 5);
  const mask = i8x16.splat(0x0f);
  const low = v128.and(source, mask);
  const high = v128.and(i32x4.shr_u(source, 4), mask);
  v128.store(target, v128.shuffle<i32>(low, high, 0, 4, 1, 5));
  v128.store(target, v128.shuffle<i32>(low, high, 2, 6, 3, 7), 16);
  mergeDeeper(target, word);
}

function mergeDeeper(target: usize, word: usize): void {
  for (let i = 0; i < 8; ++i) {
    const address = target + (<usize>i << 2);
    store<u32>(address, (load<u32>(address) << 1) | refinementQuad(word, i));
  }
}
