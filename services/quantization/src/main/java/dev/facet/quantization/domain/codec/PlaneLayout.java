package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.codec.CodeSettings.MIN_DEPTH;

/**
 * Where the streams of one segment lie: row scales, gains, scale bytes, codes, each padded to 16
 * bytes.
 *
 * @param gains offset of the gains; equal to {@code scaleBytes} when there are none
 * @param scaleBytes offset of the scale bytes; equal to {@code codes} in a refinement
 * @param codes offset of the code words
 * @param bytes length of the segment
 */
record PlaneLayout(int gains, int scaleBytes, int codes, int bytes) {
  private static final int ALIGNMENT = 16;

  static PlaneLayout of(int depth, int anchor, int rowCount, int groups) {
    boolean base = depth == MIN_DEPTH;
    int cells = Math.multiplyExact(rowCount, groups);
    int gains = base ? pad(Math.multiplyExact(2, rowCount)) : 0;
    int scaleBytes = Math.addExact(gains, depth < anchor ? pad(rowCount) : 0);
    int codes = Math.addExact(scaleBytes, base ? pad(cells) : 0);
    int bytes = Math.addExact(codes, pad(Math.multiplyExact(base ? 8 : 4, cells)));
    return new PlaneLayout(gains, scaleBytes, codes, bytes);
  }

  static int pad(int bytes) {
    return Math.addExact(bytes, ALIGNMENT - 1) & -ALIGNMENT;
  }
}
