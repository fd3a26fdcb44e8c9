package dev.facet.quantization.domain.calibration;

/**
 * A rectangle of a row-major float64 matrix, not copied.
 *
 * @param offset index of its first value
 * @param stride distance between rows
 */
record DoubleBlock(double[] values, int offset, int stride, int rows, int cols) {

  static DoubleBlock of(double[] values, int rows, int cols) {
    return new DoubleBlock(values, 0, cols, rows, cols);
  }

  /** The rectangle of {@code rowCount x colCount} values from ({@code row}, {@code col}) on. */
  DoubleBlock slice(int row, int col, int rowCount, int colCount) {
    return new DoubleBlock(values, offset + row * stride + col, stride, rowCount, colCount);
  }
}
