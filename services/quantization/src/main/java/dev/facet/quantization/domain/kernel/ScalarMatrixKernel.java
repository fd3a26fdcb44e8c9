package dev.facet.quantization.domain.kernel;

/**
 * The reference: four rows of B at a time, so that a JVM without vectors has something to overlap.
 */
public final class ScalarMatrixKernel implements MatrixKernel {

  @Override
  public void multiplyTransposed(
      MatrixSlice a, MatrixSlice b, int m, int n, int k, MatrixSlice product) {
    for (int i = 0; i < m; i++) {
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        fourDots(a, i, b, j, k, product);
      }
      for (; j < n; j++) {
        product.data()[product.row(i) + j] = dot(a.data(), a.row(i), b.data(), b.row(j), k);
      }
    }
  }

  private static void fourDots(
      MatrixSlice a, int i, MatrixSlice b, int j, int k, MatrixSlice product) {
    float[] x = a.data();
    float[] y = b.data();
    int at = a.row(i);
    int b0 = b.row(j);
    int b1 = b.row(j + 1);
    int b2 = b.row(j + 2);
    int b3 = b.row(j + 3);
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int p = 0; p < k; p++) {
      float value = x[at + p];
      sum0 = Math.fma(value, y[b0 + p], sum0);
      sum1 = Math.fma(value, y[b1 + p], sum1);
      sum2 = Math.fma(value, y[b2 + p], sum2);
      sum3 = Math.fma(value, y[b3 + p], sum3);
    }
    float[] out = product.data();
    int to = product.row(i) + j;
    out[to] = sum0;
    out[to + 1] = sum1;
    out[to + 2] = sum2;
    out[to + 3] = sum3;
  }

  private static float dot(float[] x, int xAt, float[] y, int yAt, int k) {
    float sum = 0;
    for (int p = 0; p < k; p++) {
      sum = Math.fma(x[xAt + p], y[yAt + p], sum);
    }
    return sum;
  }

  @Override
  public void multiplyTransposed(MatrixSlice a, int m, PanelMatrix b, MatrixSlice product) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < b.rows; j += 4) {
        fourDots(a, i, b, j, product);
      }
    }
  }

  /** Four rows of a panel, of which those past the last are 0. */
  private static void fourDots(MatrixSlice a, int i, PanelMatrix b, int j, MatrixSlice product) {
    float[] x = a.data();
    float[] y = b.values;
    int at = a.row(i);
    int from = j / PanelMatrix.PANEL * PanelMatrix.PANEL * b.cols + j % PanelMatrix.PANEL;
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int p = 0; p < b.cols; p++, from += PanelMatrix.PANEL) {
      float value = x[at + p];
      sum0 = Math.fma(value, y[from], sum0);
      sum1 = Math.fma(value, y[from + 1], sum1);
      sum2 = Math.fma(value, y[from + 2], sum2);
      sum3 = Math.fma(value, y[from + 3], sum3);
    }
    float[] sums = {sum0, sum1, sum2, sum3};
    System.arraycopy(sums, 0, product.data(), product.row(i) + j, Math.min(4, b.rows - j));
  }
}
