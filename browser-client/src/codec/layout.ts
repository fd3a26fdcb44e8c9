/** Weights that share a scale byte (docs/codec.md). */
export const GROUP = 32;
/** Depth of the base plane. */
export const BASE_DEPTH = 2;
/** Deepest code there is. */
export const MAX_DEPTH = 8;

/** Width of a weight in a packed layout. Depths 5 to 8 share the layout of bytes. */
export type LayoutWidth = 2 | 3 | 4 | 8;

/** Groups in a row of `cols` weights; the last may be padded. */
export function groupsOf(cols: number): number {
  return Math.ceil(cols / GROUP);
}

/** The packed layout in which kernels read codes of `depth` bits. */
export function layoutOf(depth: number): LayoutWidth {
  if (depth <= 2) return 2;
  if (depth >= 5) return 8;
  return depth as LayoutWidth;
}

/** Bytes of one group's codes in a packed layout. */
export function groupBytes(layout: LayoutWidth): number {
  return layout * 4;
}

/** Bytes of a tensor's packed codes at `depth`. */
export function packedBytes(rows: number, cols: number, depth: number): number {
  return rows * groupsOf(cols) * groupBytes(layoutOf(depth));
}
