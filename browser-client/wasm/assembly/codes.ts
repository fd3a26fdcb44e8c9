// The packed layouts of docs/codec.md. A layout is named by its weight's width: 2, 3, 4 or 8 bits.

/** Weights that share a scale byte. */
export const GROUP: i32 = 32;

/** Bytes of a group's codes. */
// @ts-ignore: decorator
@inline
export function groupBytes(layout: i32): i32 {
  return layout << 2;
}

/** Codes 4i .. 4i+3 of the group at `codes`, one a byte; `i` in 0..7. */
// @ts-ignore: decorator
@inline
export function quad(codes: usize, layout: i32, i: i32): u32 {
  if (layout == 8) return load<u32>(codes + (i << 2));
  if (layout == 4) return (load<u32>(codes + ((i >> 1) << 2)) >> ((i & 1) << 2)) & 0x0f0f0f0f;
  const pair = (load<u32>(codes + ((i >> 2) << 2)) >> ((i & 3) << 1)) & 0x03030303;
  if (layout == 2) return pair;
  return (pair << 1) | refinementQuad(codes + 8, i);
}

/** Bits 4i .. 4i+3 of the refinement word at `word`, one a byte. */
// @ts-ignore: decorator
@inline
export function refinementQuad(word: usize, i: i32): u32 {
  return (load<u32>(word) >> i) & 0x01010101;
}
