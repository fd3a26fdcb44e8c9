import { groupBytes } from './codes';
import { fourDotsI16 } from './dots-i16';
import { fourDotsI8 } from './dots-i8';
import { sumLanes } from './lanes';
import { Tensor } from './tensor';

// One activation row times a packed tensor. A row's groups are walked four at a time: their integer dot products, one a
// lane, then the scale side of docs/codec.md, "With integers". A row whose groups are no multiple of four reads on into
// what follows; the padded scales and sums are zero there.

/**
 * out[row] (+)= the product of the activations with rows `first` .. `end` of a tensor.
 *
 * @param A type of the activations: i8 for codes of up to seven bits, by relaxed SIMD, or i16
 * @param values activations in the order of the tensor's layout
 * @param scales f32 x groups, padded with zeros to a multiple of four
 * @param sums f32 x groups, padded likewise
 */
export function matvec<A>(
  tensor: Tensor, first: i32, end: i32, values: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  if (tensor.layout == 4) rows<A>(4, tensor, first, end, values, scales, sums, out, accumulate);
  else if (tensor.layout == 2) rows<A>(2, tensor, first, end, values, scales, sums, out, accumulate);
  else if (tensor.layout == 3) rows<A>(3, tensor, first, end, values, scales, sums, out, accumulate);
  else rows<A>(8, tensor, first, end, values, scales, sums, out, accumulate);
}

// @ts-ignore: decorator
@inline
function rows<A>(
  layout: i32, tensor: Tensor, first: i32, end: i32, values: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  const groups = tensor.groups;
  const rowBytes = <usize>(groups * groupBytes(layout));
  // Relative to the step 1 / 2^(depth-1), which joins the row's scale.
  const step: f32 = 2 / <f32>(1 << tensor.depth);
  const centre = f32x4.splat((step / 2 - 1) / step);
  const shift = f32x4.splat(tensor.shift / step);
  let codes = tensor.codes + <usize>first * rowBytes;
  let bytes = tensor.scaleBytes + <usize>(first * groups);
  for (let row = first; row < end; ++row) {
    let sum = f32x4.splat(0);
    for (let g = 0; g < groups; g += 4) {
      const at = <usize>g << 2;
      const dots = fourDots<A>(layout, codes + <usize>(g * groupBytes(layout)), values + <usize>g * 32 * sizeof<A>());
      sum = f32x4.add(sum, groupTerm(dots, bytes + <usize>g, scales + at, sums + at, centre, shift));
    }
    const target = out + (<usize>row << 2);
    const product = sumLanes(sum) * (load<f32>(tensor.rowScales + (<usize>row << 2)) * <f32>(1.0 / 127.0) * step);
    store<f32>(target, accumulate ? load<f32>(target) + product : product);
    codes += rowBytes;
    bytes += <usize>groups;
  }
}

// @ts-ignore: decorator
@inline
function fourDots<A>(layout: i32, codes: usize, values: usize): v128 {
  if (sizeof<A>() == 1) return fourDotsI8(layout, codes, values);
  else return fourDotsI16(layout, codes, values);
}

/** Four groups' share of a row: s * (scale * dot + (centre + sign * shift) * sum), lane by lane. */
// @ts-ignore: decorator
@inline
function groupTerm(dots: v128, bytes: usize, scales: usize, sums: usize, centre: v128, shift: v128): v128 {
  const packed = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
  const magnitude = f32x4.convert_i32x4_s(v128.and(packed, i32x4.splat(0x7f)));
  const sign = v128.and(i32x4.shl(packed, 24), i32x4.splat(0x80000000));
  const products = f32x4.mul(f32x4.convert_i32x4_s(dots), v128.load(scales));
  const constants = f32x4.mul(f32x4.add(centre, v128.xor(shift, sign)), v128.load(sums));
  return f32x4.mul(magnitude, f32x4.add(products, constants));
}
