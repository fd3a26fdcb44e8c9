import { GROUP } from './codes';

// Activations become 16-bit integers with one float scale for each group of 32: the rounding error is at most
// 2^-16 of the group's largest value, below what the float sums themselves lose. Beside them lies the sum of every
// group, which carries the constant part of a weight's value (docs/codec.md, "With integers").

const LARGEST: f32 = 32767;
/** Below this a group counts as zero: the inverse of its scale could overflow. */
const SMALLEST: f32 = 1e-35;
/** Matvec kernels take four groups at once: scales and sums are padded with zeros to this. */
const GROUPS_AT_ONCE: i32 = 4;

/**
 * Quantizes `cols` floats in their own order, for the batched product.
 *
 * @param out i16 x groups x 32
 * @param scales f32 x groups, padded with zeros to a multiple of four
 * @param sums f32 x groups, padded likewise
 */
export function f32_quantize_plain__scalar(x: usize, cols: i32, out: usize, scales: usize, sums: usize): void {
  const groups = (cols + GROUP - 1) / GROUP;
  for (let g = 0; g < groups; ++g) {
    const first = g * GROUP;
    const count = min(GROUP, cols - first);
    const source = x + (<usize>first << 2);
    const scale = largest(source, count) / LARGEST;
    store<f32>(scales + (<usize>g << 2), scale);
    store<f32>(sums + (<usize>g << 2), <f32>round16(source, count, scale, out + (<usize>first << 1)) * scale);
  }
  for (let g = groups; g % GROUPS_AT_ONCE != 0; ++g) {
    store<f32>(scales + (<usize>g << 2), 0);
    store<f32>(sums + (<usize>g << 2), 0);
  }
}

/**
 * Quantizes `cols` floats in the order in which a matvec kernel unpacks its weights.
 *
 * @param order i32 x span: the i16 slot, within a span of groups, of each weight
 * @param span weights after which the order repeats: 32, or 64 where two groups are unpacked at once
 * @param out i16 x groups rounded up to a span x 32; slots without a weight become 0
 */
export function f32_quantize_ordered__scalar(
  x: usize, cols: i32, order: usize, span: i32, plain: usize, out: usize, scales: usize, sums: usize,
): void {
  f32_quantize_plain__scalar(x, cols, plain, scales, sums);
  const groups = (cols + GROUP - 1) / GROUP;
  const total = groups * GROUP;
  if (total % span != 0) memory.fill(out + (<usize>(total - GROUP) << 1), 0, <usize>span << 1);
  for (let i = 0; i < total; ++i) {
    const slot = (i / span) * span + load<i32>(order + (<usize>(i % span) << 2));
    store<i16>(out + (<usize>slot << 1), load<i16>(plain + (<usize>i << 1)));
  }
}

function largest(x: usize, count: i32): f32 {
  let most: f32 = 0;
  for (let i = 0; i < count; ++i) most = max(most, abs(load<f32>(x + (<usize>i << 2))));
  return most;
}

/** Rounds a group, pads it with zeros and returns the sum of its integers. */
function round16(x: usize, count: i32, scale: f32, out: usize): i32 {
  const inverse: f32 = scale > SMALLEST ? 1 / scale : 0;
  let sum = 0;
  for (let i = 0; i < count; ++i) {
    const q = <i32>nearest(load<f32>(x + (<usize>i << 2)) * inverse);
    store<i16>(out + (<usize>i << 1), <i16>q);
    sum += q;
  }
  for (let i = count; i < GROUP; ++i) store<i16>(out + (<usize>i << 1), 0);
  return sum;
}
