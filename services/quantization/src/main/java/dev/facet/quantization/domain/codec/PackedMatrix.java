package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

/**
 * The layout that browser kernels multiply with: code words, scale bytes and row scales apart. Kept
 * in Java as the reference that the golden vectors are made from.
 */
public final class PackedMatrix {
  private PackedMatrix() {}

  /** Words of one group at depth {@code k}. */
  public static int wordsPerGroup(int k) {
    return k <= 4 ? k : 8;
  }

  /**
   * @return {@code rows x groups x wordsPerGroup(k)} code words
   */
  public static int[] words(EmbeddedMatrix matrix, int k) {
    matrix.requireDepth(k);
    int perGroup = wordsPerGroup(k);
    int[] words = new int[matrix.rows * matrix.groups * perGroup];
    byte[] codes = new byte[GROUP];
    for (int group = 0; group < matrix.rows * matrix.groups; group++) {
      for (int i = 0; i < GROUP; i++) {
        codes[i] = (byte) ((matrix.cells[group * GROUP + i] & 0xff) >> (matrix.anchor - k));
      }
      pack(codes, k, words, group * perGroup);
    }
    return words;
  }

  private static void pack(byte[] codes, int k, int[] words, int to) {
    switch (k) {
      case 2, 3 -> {
        words[to] = PlaneWriter.baseWord(codes, 0, k - 2);
        words[to + 1] = PlaneWriter.baseWord(codes, 16, k - 2);
        if (k == 3) {
          words[to + 2] = PlaneWriter.refinementWord(codes, 0, 0);
        }
      }
      case 4 -> {
        for (int i = 0; i < GROUP; i++) {
          words[to + i / 8] |= (codes[i] & 0xf) << (8 * (i % 4) + i % 8 / 4 * 4);
        }
      }
      default -> {
        for (int i = 0; i < GROUP; i++) {
          words[to + i / 4] |= (codes[i] & 0xff) << (8 * (i % 4));
        }
      }
    }
  }

  /**
   * @return the {@code rows x groups} scale bytes
   */
  public static byte[] scaleBytes(EmbeddedMatrix matrix) {
    return matrix.scaleBytes.clone();
  }

  /**
   * @return one float32 a row, the gain of depth {@code k} folded in
   */
  public static float[] rowScales(EmbeddedMatrix matrix, int k) {
    matrix.requireDepth(k);
    float[] scales = new float[matrix.rows];
    for (int row = 0; row < scales.length; row++) {
      scales[row] = matrix.rowScale(row, k);
    }
    return scales;
  }
}
