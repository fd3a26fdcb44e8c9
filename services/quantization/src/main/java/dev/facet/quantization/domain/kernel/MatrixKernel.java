package dev.facet.quantization.domain.kernel;

/**
 * Float32 matrix products of the forward pass. Every implementation returns the same bits on every
 * JDK: each element is summed on its own, from 0, in the order of the inner index, by fused
 * multiply-adds. What calibration sees of a model, and so what it codes, is then the same
 * everywhere.
 */
public sealed interface MatrixKernel permits ScalarMatrixKernel, VectorMatrixKernel {
  /**
   * Writes A B^T to {@code product}.
   *
   * @param a {@code m x k}
   * @param b {@code n x k}
   * @param product {@code m x n}
   */
  void multiplyTransposed(MatrixSlice a, MatrixSlice b, int m, int n, int k, MatrixSlice product);

  /**
   * Writes A B^T to {@code product}, with B laid out before.
   *
   * @param a {@code m x b.cols}
   * @param product {@code m x b.rows}
   */
  void multiplyTransposed(MatrixSlice a, int m, PanelMatrix b, MatrixSlice product);
}
