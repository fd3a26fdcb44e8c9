package dev.facet.quantization.domain.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of four rows by four: sixteen sums stay in registers while eight rows stream by. Rows of A
 * are taken in strips that stay in the second-level cache while all of B passes.
 */
public final class VectorMatrixKernel implements MatrixKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int TILE = 4;
  private static final int STRIP = 64;

  @Override
  public void multiplyTransposed(
      MatrixSlice a, MatrixSlice b, int m, int n, int k, MatrixSlice product) {
    int tiledRows = m - m % TILE;
    int tiledCols = n - n % TILE;
    for (int strip = 0; strip < tiledRows; strip += STRIP) {
      int end = Math.min(strip + STRIP, tiledRows);
      for (int j = 0; j < tiledCols; j += TILE) {
        for (int i = strip; i < end; i += TILE) {
          tile(a, i, b, j, k, product);
        }
      }
    }
    dots(a, 0, tiledRows, b, tiledCols, n, k, product);
    dots(a, tiledRows, m, b, 0, n, k, product);
  }

  private static void tile(MatrixSlice a, int i, MatrixSlice b, int j, int k, MatrixSlice product) {
    float[] x = a.data();
    float[] y = b.data();
    int a0 = a.row(i);
    int b0 = b.row(j);
    int a1 = a.row(i + 1);
    int b1 = b.row(j + 1);
    int a2 = a.row(i + 2);
    int b2 = b.row(j + 2);
    int a3 = a.row(i + 3);
    int b3 = b.row(j + 3);
    FloatVector s00 = FloatVector.zero(FLOATS);
    FloatVector s01 = FloatVector.zero(FLOATS);
    FloatVector s02 = FloatVector.zero(FLOATS);
    FloatVector s03 = FloatVector.zero(FLOATS);
    FloatVector s10 = FloatVector.zero(FLOATS);
    FloatVector s11 = FloatVector.zero(FLOATS);
    FloatVector s12 = FloatVector.zero(FLOATS);
    FloatVector s13 = FloatVector.zero(FLOATS);
    FloatVector s20 = FloatVector.zero(FLOATS);
    FloatVector s21 = FloatVector.zero(FLOATS);
    FloatVector s22 = FloatVector.zero(FLOATS);
    FloatVector s23 = FloatVector.zero(FLOATS);
    FloatVector s30 = FloatVector.zero(FLOATS);
    FloatVector s31 = FloatVector.zero(FLOATS);
    FloatVector s32 = FloatVector.zero(FLOATS);
    FloatVector s33 = FloatVector.zero(FLOATS);
    int whole = FLOATS.loopBound(k);
    for (int p = 0; p < whole; p += FLOATS.length()) {
      FloatVector y0 = FloatVector.fromArray(FLOATS, y, b0 + p);
      FloatVector y1 = FloatVector.fromArray(FLOATS, y, b1 + p);
      FloatVector y2 = FloatVector.fromArray(FLOATS, y, b2 + p);
      FloatVector y3 = FloatVector.fromArray(FLOATS, y, b3 + p);
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, a0 + p);
      s00 = x0.fma(y0, s00);
      s01 = x0.fma(y1, s01);
      s02 = x0.fma(y2, s02);
      s03 = x0.fma(y3, s03);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, a1 + p);
      s10 = x1.fma(y0, s10);
      s11 = x1.fma(y1, s11);
      s12 = x1.fma(y2, s12);
      s13 = x1.fma(y3, s13);
      FloatVector x2 = FloatVector.fromArray(FLOATS, x, a2 + p);
      s20 = x2.fma(y0, s20);
      s21 = x2.fma(y1, s21);
      s22 = x2.fma(y2, s22);
      s23 = x2.fma(y3, s23);
      FloatVector x3 = FloatVector.fromArray(FLOATS, x, a3 + p);
      s30 = x3.fma(y0, s30);
      s31 = x3.fma(y1, s31);
      s32 = x3.fma(y2, s32);
      s33 = x3.fma(y3, s33);
    }
    store(product, i, j, s00, s01, s02, s03);
    store(product, i + 1, j, s10, s11, s12, s13);
    store(product, i + 2, j, s20, s21, s22, s23);
    store(product, i + 3, j, s30, s31, s32, s33);
    if (whole < k) {
      addTail(a, i, b, j, whole, k, product);
    }
  }

  private static void store(
      MatrixSlice product,
      int row,
      int col,
      FloatVector s0,
      FloatVector s1,
      FloatVector s2,
      FloatVector s3) {
    int to = product.row(row) + col;
    product.data()[to] = s0.reduceLanes(VectorOperators.ADD);
    product.data()[to + 1] = s1.reduceLanes(VectorOperators.ADD);
    product.data()[to + 2] = s2.reduceLanes(VectorOperators.ADD);
    product.data()[to + 3] = s3.reduceLanes(VectorOperators.ADD);
  }

  private static void addTail(
      MatrixSlice a, int i, MatrixSlice b, int j, int from, int k, MatrixSlice product) {
    for (int r = i; r < i + TILE; r++) {
      for (int c = j; c < j + TILE; c++) {
        product.data()[product.row(r) + c] +=
            ScalarMatrixKernel.dot(a.data(), a.row(r), b.data(), b.row(c), from, k);
      }
    }
  }

  private static void dots(
      MatrixSlice a,
      int fromRow,
      int toRow,
      MatrixSlice b,
      int fromCol,
      int toCol,
      int k,
      MatrixSlice product) {
    for (int i = fromRow; i < toRow; i++) {
      for (int j = fromCol; j < toCol; j++) {
        product.data()[product.row(i) + j] = dot(a.data(), a.row(i), b.data(), b.row(j), k);
      }
    }
  }

  private static float dot(float[] x, int xAt, float[] y, int yAt, int k) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int whole = FLOATS.loopBound(k);
    for (int p = 0; p < whole; p += FLOATS.length()) {
      FloatVector left = FloatVector.fromArray(FLOATS, x, xAt + p);
      sum = left.fma(FloatVector.fromArray(FLOATS, y, yAt + p), sum);
    }
    return sum.reduceLanes(VectorOperators.ADD) + ScalarMatrixKernel.dot(x, xAt, y, yAt, whole, k);
  }
}
