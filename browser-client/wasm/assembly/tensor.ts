/** A packed tensor of docs/codec.md, as the host describes it to the kernels: 32 bytes. */
// @ts-ignore: decorator
@unmanaged
export class Tensor {
  codes: usize;
  /** u8 x rows x groups */
  scaleBytes: usize;
  /** f32 x rows, gain folded in */
  rowScales: usize;
  rows: i32;
  groups: i32;
  /** Width of a packed weight: 2, 3, 4 or 8 bits. */
  layout: i32;
  /** Bits of a code. */
  depth: i32;
  shift: f32;
}
