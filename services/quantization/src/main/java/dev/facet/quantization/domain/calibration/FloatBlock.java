package dev.facet.quantization.domain.calibration;

/**
 * A rectangle of a row-major float32 matrix, not copied.
 *
 * @param offset index of its first value
 * @param stride distance between rows
 */
record FloatBlock(float[] values, int offset, int stride, int rows, int cols) {

  static FloatBlock of(float[] values, int rows, int cols) {
    return new FloatBlock(values, 0, cols, rows, cols);
  }

  /** The rectangle of {@code rowCount x colCount} values from ({@code row}, {@code col}) on. */
  FloatBlock slice(int row, int col, int rowCount, int colCount) {
    return new FloatBlock(values, offset + row * stride + col, stride, rowCount, colCount);
  }
}
