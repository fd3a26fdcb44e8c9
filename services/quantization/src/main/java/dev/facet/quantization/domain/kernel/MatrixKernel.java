package dev.facet.quantization.domain.kernel;

/** Float32 matrix products of the forward pass. Sums may be taken in any order. */
public sealed interface MatrixKernel permits ScalarMatrixKernel, VectorMatrixKernel {
  /**
   * Writes A B^T to {@code product}.
   *
   * @param a {@code m x k}
   * @param b {@code n x k}
   * @param product {@code m x n}
   */
  void multiplyTransposed(MatrixSlice a, MatrixSlice b, int m, int n, int k, MatrixSlice product);
}
