package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

/**
 * A coded matrix, or a range of rows of one, in memory: cells held one a byte at the anchor's
 * position, so that depth {@code k} is a shift. Instances are not changed once their maker has
 * handed them out.
 */
public final class EmbeddedMatrix {
  final int rows;
  final int cols;
  final int groups;
  final int anchor;
  final float shift;

  /** Planes up to this depth are present; bits below it are 0. */
  final int depth;

  /** One bfloat16 a row. */
  final short[] rowScales;

  /** {@code gains[d][row]} for prefixes d in 2..anchor-1; other entries are null. */
  final byte[][] gains;

  /** {@code rows x groups}: seven bits of scale, one of sign. */
  final byte[] scaleBytes;

  /** {@code rows x groups x 32} cells. */
  final byte[] cells;

  EmbeddedMatrix(int rows, int cols, int anchor, int depth, float shift) {
    this.rows = rows;
    this.cols = cols;
    this.groups = groups(cols);
    this.anchor = anchor;
    this.depth = depth;
    this.shift = shift;
    this.rowScales = new short[rows];
    this.gains = new byte[CodeSettings.MAX_DEPTH + 1][];
    for (int d = CodeSettings.MIN_DEPTH; d < anchor && d <= depth; d++) {
      gains[d] = new byte[rows];
    }
    this.scaleBytes = new byte[Math.multiplyExact(rows, groups)];
    this.cells = new byte[Math.multiplyExact(scaleBytes.length, GROUP)];
  }

  /** Groups of 32 that cover a row of {@code cols} weights. */
  public static int groups(int cols) {
    return (cols + GROUP - 1) / GROUP;
  }

  public int rows() {
    return rows;
  }

  public int cols() {
    return cols;
  }

  public int anchor() {
    return anchor;
  }

  public int depth() {
    return depth;
  }

  public float shift() {
    return shift;
  }

  /** Cell of weight {@code col} of {@code row} as seen at depth {@code k}. */
  public int cell(int row, int col, int k) {
    return (cells[row * groups * GROUP + col] & 0xff) >> (anchor - k);
  }

  /** Scale and sign of shift of a group: seven bits and one. */
  public byte scaleByte(int row, int group) {
    return scaleBytes[row * groups + group];
  }

  /**
   * The same row scales and shift with other codes.
   *
   * @param scaleBytes {@code rows x groups}
   * @param cells {@code rows x groups x 32}, 0 past the last column
   * @param gains {@code gains[d][row]}, a factor for each prefix d in 2..anchor-1, rounded here to
   *     what is stored
   */
  public EmbeddedMatrix recoded(byte[] scaleBytes, byte[] cells, double[][] gains) {
    EmbeddedMatrix matrix = new EmbeddedMatrix(rows, cols, anchor, anchor, shift);
    System.arraycopy(rowScales, 0, matrix.rowScales, 0, rows);
    System.arraycopy(scaleBytes, 0, matrix.scaleBytes, 0, matrix.scaleBytes.length);
    System.arraycopy(cells, 0, matrix.cells, 0, matrix.cells.length);
    for (int depth = CodeSettings.MIN_DEPTH; depth < anchor; depth++) {
      for (int row = 0; row < rows; row++) {
        matrix.gains[depth][row] = PrefixGains.nearest(gains[depth][row]);
      }
    }
    return matrix;
  }

  /** The row's scale with the gain of depth {@code k} folded in. */
  public float rowScale(int row, int k) {
    float scale = Bfloat16.toFloat(rowScales[row]);
    return k == anchor ? scale : scale * gain(gains[k][row]);
  }

  static float gain(byte code) {
    return 0.5f + (code & 0xff) / 256f;
  }

  /** Scale of a group with the gain of depth {@code k} folded in. */
  float groupScale(int row, int group, int k) {
    return rowScale(row, k) * ((scaleBytes[row * groups + group] & 0x7f) / 127f);
  }

  /**
   * Decodes rows at depth {@code k} to float32.
   *
   * @param target receives {@code rowCount x cols} values, row-major, from {@code offset} on
   */
  public void decode(int k, int firstRow, int rowCount, float[] target, int offset) {
    requireDepth(k);
    float[] plus = levels(k, shift);
    float[] minus = levels(k, -shift);
    int dropped = anchor - k;
    for (int r = 0; r < rowCount; r++) {
      int row = firstRow + r;
      for (int g = 0; g < groups; g++) {
        float scale = groupScale(row, g, k);
        float[] levels = scaleBytes[row * groups + g] < 0 ? minus : plus;
        int from = (row * groups + g) * GROUP;
        int to = offset + r * cols + g * GROUP;
        int count = Math.min(GROUP, cols - g * GROUP);
        for (int i = 0; i < count; i++) {
          target[to + i] = scale * levels[(cells[from + i] & 0xff) >> dropped];
        }
      }
    }
  }

  /** Midpoints of the 2^k cells of [-1, 1), shifted. */
  static float[] levels(int k, float shift) {
    float[] levels = new float[1 << k];
    for (int c = 0; c < levels.length; c++) {
      levels[c] = (2 * c + 1) / (float) levels.length - 1 + shift;
    }
    return levels;
  }

  void requireDepth(int k) {
    if (k < CodeSettings.MIN_DEPTH || k > depth) {
      throw new IllegalArgumentException(
          "depth " + k + " is not within the planes present, 2.." + depth);
    }
  }
}
