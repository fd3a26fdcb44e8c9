import { groupBytes } from './codes';
import { put, rowTerms, scaled } from './matmul';
import { highNibbles, lowNibbles, pairs, threeBits, twoBits, widen } from './products-i8';

// Several 8-bit activation rows times a packed tensor of at most seven bits. Four weight rows at a time are unpacked
// once, four neighbouring codes of each row in a vector, and then meet every activation row: a lane is a weight row.

/**
 * out[t][row] = the product of activation row t with weight row `row`.
 *
 * @param activations i8 x count x groups x 32, plain order
 * @param scales f32 x count x stride
 * @param sums f32 x count x stride
 * @param stride floats between the scales of neighbouring activation rows
 * @param out f32 x count x rows
 * @param scratch groups x 160 bytes
 */
export function q_matmul_i8__relaxed(
  codes: usize, scaleBytes: usize, rowScales: usize, layout: i32, depth: i32, shift: f32, rows: i32, groups: i32,
  activations: usize, scales: usize, sums: usize, stride: i32, count: i32,
  out: usize, accumulate: bool, scratch: usize,
): void {
  const magnitudes = scratch + (<usize>groups << 7);
  const centres = magnitudes + (<usize>groups << 4);
  for (let row = 0; row < rows; row += 4) {
    const live = min(4, rows - row);
    unpackRows(codes, layout, groups, row, live, scratch);
    rowTerms(scaleBytes, rowScales, depth, shift, groups, row, live, magnitudes, centres);
    const target = out + (<usize>row << 2);
    if (layout == 8) {
      multiply(true, scratch, magnitudes, centres, groups, live, activations, scales, sums, stride, count, target, rows, accumulate);
    } else {
      multiply(false, scratch, magnitudes, centres, groups, live, activations, scales, sums, stride, count, target, rows, accumulate);
    }
  }
}

/** Eight vectors for each group: quad i of four rows. Rows past the tensor repeat the first: their terms are zero. */
function unpackRows(codes: usize, layout: i32, groups: i32, row: i32, live: i32, target: usize): void {
  const bytes = <usize>groupBytes(layout);
  const rowBytes = bytes * <usize>groups;
  let a = codes + <usize>row * rowBytes;
  let b = live > 1 ? a + rowBytes : a;
  let c = live > 2 ? a + 2 * rowBytes : a;
  let d = live > 3 ? a + 3 * rowBytes : a;
  for (let g = 0; g < groups; ++g) {
    if (layout == 4) unpack4(a, b, c, d, target);
    else if (layout == 8) unpack8(a, b, c, d, target);
    else if (layout == 3) unpack3(a, b, c, d, target);
    else unpack2(a, b, c, d, target);
    a += bytes;
    b += bytes;
    c += bytes;
    d += bytes;
    target += 128;
  }
}

// @ts-ignore: decorator
@inline
function unpack8(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const ab = lowWords(v128.load(a + half), v128.load(b + half)), cd = lowWords(v128.load(c + half), v128.load(d + half));
    const ef = highWords(v128.load(a + half), v128.load(b + half)), gh = highWords(v128.load(c + half), v128.load(d + half));
    v128.store(target + 4 * half, first(ab, cd));
    v128.store(target + 4 * half, second(ab, cd), 16);
    v128.store(target + 4 * half, first(ef, gh), 32);
    v128.store(target + 4 * half, second(ef, gh), 48);
  }
}

// @ts-ignore: decorator
@inline
function unpack4(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const ab = lowWords(v128.load(a), v128.load(b)), cd = lowWords(v128.load(c), v128.load(d));
  const ef = highWords(v128.load(a), v128.load(b)), gh = highWords(v128.load(c), v128.load(d));
  storeNibbles(first(ab, cd), target);
  storeNibbles(second(ab, cd), target + 32);
  storeNibbles(first(ef, gh), target + 64);
  storeNibbles(second(ef, gh), target + 96);
}

// @ts-ignore: decorator
@inline
function storeNibbles(words: v128, target: usize): void {
  v128.store(target, lowNibbles(words));
  v128.store(target, highNibbles(words), 16);
}

// @ts-ignore: decorator
@inline
function unpack3(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const ab = lowWords(v128.load(a), v128.load(b)), cd = lowWords(v128.load(c), v128.load(d));
  const thirds = first(highWords(v128.load(a), v128.load(b)), highWords(v128.load(c), v128.load(d)));
  storeTriples(first(ab, cd), thirds, target);
  storeTriples(second(ab, cd), i32x4.shr_u(thirds, 4), target + 64);
}

// @ts-ignore: decorator
@inline
function storeTriples(words: v128, thirds: v128, target: usize): void {
  v128.store(target, threeBits(words, thirds, 0));
  v128.store(target, threeBits(words, thirds, 1), 16);
  v128.store(target, threeBits(words, thirds, 2), 32);
  v128.store(target, threeBits(words, thirds, 3), 48);
}

// @ts-ignore: decorator
@inline
function unpack2(a: usize, b: usize, c: usize, d: usize, target: usize): void {
  const ab = lowWords(v128.load64_zero(a), v128.load64_zero(b)), cd = lowWords(v128.load64_zero(c), v128.load64_zero(d));
  storePairs(first(ab, cd), target);
  storePairs(second(ab, cd), target + 64);
}

// @ts-ignore: decorator
@inline
function storePairs(words: v128, target: usize): void {
  v128.store(target, twoBits(words, 0));
  v128.store(target, twoBits(words, 2), 16);
  v128.store(target, twoBits(words, 4), 32);
  v128.store(target, twoBits(words, 6), 48);
}

/** Words 0 and 1 of two rows, and words 2 and 3. */
// @ts-ignore: decorator
@inline
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 4, 1, 5);
}

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

/** The product of up to four unpacked weight rows with every activation row. */
// @ts-ignore: decorator
@inline
function multiply(
  wide: bool, quads: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, scales: usize, sums: usize, stride: i32, count: i32,
  out: usize, outStride: i32, accumulate: bool,
): void {
  const row = <usize>groups << 5;
  const scaleRow = <usize>stride << 2;
  const outRow = <usize>outStride << 2;
  let t = 0;
  for (; t + 4 <= count; t += 4) {
    fourTokens(wide, quads, magnitudes, centres, groups, live, activations, row, scales, sums, scaleRow, out, outRow, accumulate);
    activations += row << 2;
    scales += scaleRow << 2;
    sums += scaleRow << 2;
    out += outRow << 2;
  }
  for (; t < count; ++t) {
    oneToken(wide, quads, magnitudes, centres, groups, live, activations, scales, sums, out, accumulate);
    activations += row;
    scales += scaleRow;
    sums += scaleRow;
    out += outRow;
  }
}

// @ts-ignore: decorator
@inline
function fourTokens(
  wide: bool, quads: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, row: usize, scales: usize, sums: usize, scaleRow: usize, out: usize, outRow: usize, accumulate: bool,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let g = 0; g < groups; ++g) {
    let d0 = i32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    const weights = quads + (<usize>g << 7);
    const a0 = activations + (<usize>g << 5);
    const a1 = a0 + row, a2 = a1 + row, a3 = a2 + row;
    for (let i: usize = 0; i < 32; i += 4) {
      const w = v128.load(weights + (i << 2));
      d0 = add(wide, d0, w, a0 + i);
      d1 = add(wide, d1, w, a1 + i);
      d2 = add(wide, d2, w, a2 + i);
      d3 = add(wide, d3, w, a3 + i);
    }
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const centre = v128.load(centres + (<usize>g << 4));
    const at = <usize>g << 2;
    s0 = f32x4.add(s0, scaled(total(wide, d0), magnitude, centre, scales + at, sums + at));
    s1 = f32x4.add(s1, scaled(total(wide, d1), magnitude, centre, scales + scaleRow + at, sums + scaleRow + at));
    s2 = f32x4.add(s2, scaled(total(wide, d2), magnitude, centre, scales + 2 * scaleRow + at, sums + 2 * scaleRow + at));
    s3 = f32x4.add(s3, scaled(total(wide, d3), magnitude, centre, scales + 3 * scaleRow + at, sums + 3 * scaleRow + at));
  }
  put(s0, live, out, accumulate);
  put(s1, live, out + outRow, accumulate);
  put(s2, live, out + 2 * outRow, accumulate);
  put(s3, live, out + 3 * outRow, accumulate);
}

// @ts-ignore: decorator
@inline
function oneToken(
  wide: bool, quads: usize, magnitudes: usize, centres: usize, groups: i32, live: i32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  let sum = f32x4.splat(0);
  for (let g = 0; g < groups; ++g) {
    let dots = i32x4.splat(0);
    const weights = quads + (<usize>g << 7);
    for (let i: usize = 0; i < 32; i += 4) {
      dots = add(wide, dots, v128.load(weights + (i << 2)), activations + (<usize>g << 5) + i);
    }
    const at = <usize>g << 2;
    const magnitude = v128.load(magnitudes + (<usize>g << 4));
    const centre = v128.load(centres + (<usize>g << 4));
    sum = f32x4.add(sum, scaled(total(wide, dots), magnitude, centre, scales + at, sums + at));
  }
  put(sum, live, out, accumulate);
}

/** Sums of codes of up to four bits stay in 16-bit lanes for a whole group, deeper ones (`wide`) do not fit. */
// @ts-ignore: decorator
@inline
function add(wide: bool, sums: v128, weights: v128, activations: usize): v128 {
  const products = pairs(v128.load32_splat(activations), weights);
  return wide ? i32x4.add(sums, widen(products)) : i16x8.add(sums, products);
}

// @ts-ignore: decorator
@inline
function total(wide: bool, sums: v128): v128 {
  return wide ? sums : widen(sums);
}
