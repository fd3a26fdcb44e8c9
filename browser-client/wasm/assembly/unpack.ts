import { highNibbles, lowNibbles, threeBits, twoBits } from './dots-i8';

// Codes of four rows, interleaved for the batched product: each vector holds neighbouring codes of every row, four where
// codes stay bytes (i8), two where they become 16-bit integers (i16).

/** One group of each of four rows, as type A: 128 or 256 bytes at `target`. */
// @ts-ignore: decorator
@inline
export function unpackGroup<A>(layout: i32, a: usize, b: usize, c: usize, d: usize, target: usize): void {
  if (layout == 4) unpack4<A>(a, b, c, d, target);
  else if (layout == 8) unpack8<A>(a, b, c, d, target);
  else if (layout == 3) unpack3<A>(a, b, c, d, target);
  else unpack2<A>(a, b, c, d, target);
}

/** Quad `i` of the group: codes 4i .. 4i+3 of row 0, then of rows 1, 2 and 3. */
// @ts-ignore: decorator
@inline
function put<A>(quads: v128, target: usize, i: usize): void {
  if (sizeof<A>() == 1) {
    v128.store(target + 16 * i, quads);
  } else {
    const pairs = v128.shuffle<i16>(quads, quads, 0, 2, 4, 6, 1, 3, 5, 7);
    v128.store(target + 32 * i, i16x8.extend_low_i8x16_u(pairs));
    v128.store(target + 32 * i, i16x8.extend_high_i8x16_u(pairs), 16);
  }
}

// @ts-ignore: decorator
@inline
function unpack8<A>(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  for (let half: usize = 0; half < 2; ++half) {
    const p = v128.load(a + 16 * half), q = v128.load(b + 16 * half), r = v128.load(c + 16 * half), s = v128.load(d + 16 * half);
    const low = lowWords(p, q), lowOthers = lowWords(r, s), high = highWords(p, q), highOthers = highWords(r, s);
    put<A>(first(low, lowOthers), target, 4 * half);
    put<A>(second(low, lowOthers), target, 4 * half + 1);
    put<A>(first(high, highOthers), target, 4 * half + 2);
    put<A>(second(high, highOthers), target, 4 * half + 3);
  }
}

// @ts-ignore: decorator
@inline
function unpack4<A>(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const p = v128.load(a), q = v128.load(b), r = v128.load(c), s = v128.load(d);
  const low = lowWords(p, q), lowOthers = lowWords(r, s), high = highWords(p, q), highOthers = highWords(r, s);
  putNibbles<A>(first(low, lowOthers), target, 0);
  putNibbles<A>(second(low, lowOthers), target, 2);
  putNibbles<A>(first(high, highOthers), target, 4);
  putNibbles<A>(second(high, highOthers), target, 6);
}

// @ts-ignore: decorator
@inline
function putNibbles<A>(words: v128, target: usize, i: usize): void {
  put<A>(lowNibbles(words), target, i);
  put<A>(highNibbles(words), target, i + 1);
}

// @ts-ignore: decorator
@inline
function unpack3<A>(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const p = v128.load(a), q = v128.load(b), r = v128.load(c), s = v128.load(d);
  const low = lowWords(p, q), lowOthers = lowWords(r, s);
  const thirds = first(highWords(p, q), highWords(r, s));
  putTriples<A>(first(low, lowOthers), thirds, target, 0);
  putTriples<A>(second(low, lowOthers), i32x4.shr_u(thirds, 4), target, 4);
}

// @ts-ignore: decorator
@inline
function putTriples<A>(words: v128, thirds: v128, target: usize, i: usize): void {
  put<A>(threeBits(words, thirds, 0), target, i);
  put<A>(threeBits(words, thirds, 1), target, i + 1);
  put<A>(threeBits(words, thirds, 2), target, i + 2);
  put<A>(threeBits(words, thirds, 3), target, i + 3);
}

// @ts-ignore: decorator
@inline
function unpack2<A>(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const low = lowWords(v128.load64_zero(a), v128.load64_zero(b)), lowOthers = lowWords(v128.load64_zero(c), v128.load64_zero(d));
  putPairs<A>(first(low, lowOthers), target, 0);
  putPairs<A>(second(low, lowOthers), target, 4);
}

// @ts-ignore: decorator
@inline
function putPairs<A>(words: v128, target: usize, i: usize): void {
  put<A>(twoBits(words, 0), target, i);
  put<A>(twoBits(words, 2), target, i + 1);
  put<A>(twoBits(words, 4), target, i + 2);
  put<A>(twoBits(words, 6), target, i + 3);
}

/** Words 0 and 1 of two rows, interleaved. */
// @ts-ignore: decorator
@inline
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 4, 1, 5);
}

/** Words 2 and 3 of two rows, interleaved. */
// @ts-ignore: decorator
@inline
function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 2, 6, 3, 7);
}

/** The first word of four rows out of two such, and the second. */
// @ts-ignore: decorator
@inline
function first(ab: v128, cd: v128): v128 {
  return v128.shuffle<i64>(ab, cd, 0, 2);
}

// @ts-ignore: decorator
@inline
function second(ab: v128, cd: v128): v128 {
  return v128.shuffle<i64>(ab, cd, 1, 3);
}
