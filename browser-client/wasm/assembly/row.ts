import { GROUP, groupBytes, quad } from './codes';

/**
 * Decodes one row of a packed tensor to floats: the embedding look-up.
 *
 * @param codes first group of the row
 * @param scaleBytes first scale byte of the row
 * @param rowScale row scale with the gain folded in
 * @param depth bits of a code; the layout's width is `layout`
 */
export function q_row(
  codes: usize, scaleBytes: usize, rowScale: f32, layout: i32, depth: i32, shift: f32, cols: i32, out: usize,
): void {
  const step: f32 = 1 / <f32>(1 << depth);
  const groups = (cols + GROUP - 1) / GROUP;
  for (let g = 0; g < groups; ++g) {
    const byte = <i32>load<u8>(scaleBytes + <usize>g);
    const scale = rowScale * (<f32>(byte & 0x7f) / 127);
    const centre = step - 1 + (byte & 0x80 ? -shift : shift);
    const group = codes + <usize>(g * groupBytes(layout));
    const count = min(GROUP, cols - g * GROUP);
    for (let i = 0; i < count; ++i) {
      const code = <i32>(quad(group, layout, i >> 2) >> ((i & 3) << 3)) & 0xff;
      store<f32>(out + (<usize>(g * GROUP + i) << 2), scale * (<f32>(code << 1) * step + centre));
    }
  }
}
