import { groupBytes } from './codes';
import { groupTerm, sumLanes } from './group-term';
import { fourDotsI8 } from './products-i8';

// One 8-bit activation row times a packed tensor of at most seven bits: the kernels of matvec.ts, arguments and all, at
// sixteen products an instruction. Activations come from f32_quantize_i8_ordered__simd128.

export function q2_matvec_i8__relaxed(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(2, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

export function q3_matvec_i8__relaxed(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(3, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

export function q4_matvec_i8__relaxed(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(4, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

/** Bytes: depths 5, 6 and 7. */
export function q8_matvec_i8__relaxed(
  codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  matvec(8, codes, scaleBytes, rowScales, rows, groups, depth, shift, activations, scales, sums, out, accumulate);
}

// @ts-ignore: decorator
@inline
function matvec(
  layout: i32, codes: usize, scaleBytes: usize, rowScales: usize, rows: i32, groups: i32, depth: i32, shift: f32,
  activations: usize, scales: usize, sums: usize, out: usize, accumulate: bool,
): void {
  const factor = f32x4.splat(2 / <f32>(1 << depth));
  const centre = f32x4.splat(1 / <f32>(1 << depth) - 1);
  const shifts = f32x4.splat(shift);
  const rowBytes = <usize>(groups * groupBytes(layout));
  for (let row = 0; row < rows; ++row) {
    let sum = f32x4.splat(0);
    for (let g = 0; g < groups; g += 4) {
      const at = <usize>g << 2;
      const dots = fourDotsI8(layout, codes + <usize>(g * groupBytes(layout)), activations + (<usize>g << 5));
      sum = f32x4.add(sum, groupTerm(dots, scaleBytes + <usize>g, scales + at, sums + at, factor, centre, shifts));
    }
    const target = out + (<usize>row << 2);
    const product = sumLanes(sum) * (load<f32>(rowScales + (<usize>row << 2)) * <f32>(1.0 / 127.0));
    store<f32>(target, accumulate ? load<f32>(target) + product : product);
    codes += rowBytes;
    scaleBytes += <usize>groups;
  }
}
