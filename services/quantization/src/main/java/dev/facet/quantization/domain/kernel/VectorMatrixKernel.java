package dev.facet.quantization.domain.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One lane a column of the product. Rows of B are transposed, some at a time, to panels of as many
 * columns as two vectors hold; four rows of A pass over a panel at a time, so that eight sums stay
 * in registers.
 */
public final class VectorMatrixKernel implements MatrixKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int PANEL = 2 * LANES;
  private static final int TILE = 4;

  /** Inner indices taken at a time, so that a panel's part stays in the first-level cache. */
  private static final int DEPTH = 256;

  @Override
  public void multiplyTransposed(
      MatrixSlice a, MatrixSlice b, int m, int n, int k, MatrixSlice product) {
    float[] panel = new float[Math.min(k, DEPTH) * PANEL];
    float[] sums = new float[m * PANEL];
    for (int j = 0; j < n; j += PANEL) {
      int cols = Math.min(PANEL, n - j);
      Arrays.fill(sums, 0);
      for (int from = 0; from < k; from += DEPTH) {
        int depth = Math.min(DEPTH, k - from);
        transpose(b, j, cols, from, depth, panel);
        multiply(a, m, from, depth, new Panel(panel, 0, PANEL), sums);
      }
      for (int i = 0; i < m; i++) {
        System.arraycopy(sums, i * PANEL, product.data(), product.row(i) + j, cols);
      }
    }
  }

  @Override
  public void multiplyTransposed(MatrixSlice a, int m, PanelMatrix b, MatrixSlice product) {
    float[] sums = new float[m * PANEL];
    for (int j = 0; j < b.rows; j += PANEL) {
      int cols = Math.min(PANEL, b.rows - j);
      int panel = j / PanelMatrix.PANEL * PanelMatrix.PANEL * b.cols + j % PanelMatrix.PANEL;
      Arrays.fill(sums, 0);
      for (int from = 0; from < b.cols; from += DEPTH) {
        int depth = Math.min(DEPTH, b.cols - from);
        int at = panel + from * PanelMatrix.PANEL;
        multiply(a, m, from, depth, new Panel(b.values, at, PanelMatrix.PANEL), sums);
      }
      for (int i = 0; i < m; i++) {
        System.arraycopy(sums, i * PANEL, product.data(), product.row(i) + j, cols);
      }
    }
  }

  /**
   * Columns of B^T, {@link #PANEL} of them.
   *
   * @param from index of the first value
   * @param stride from one inner index to the next
   */
  private record Panel(float[] values, int from, int stride) {}

  /** Rows {@code j..j+cols-1} of B as columns; columns past them keep what they held. */
  private static void transpose(
      MatrixSlice b, int j, int cols, int from, int depth, float[] panel) {
    for (int col = 0; col < cols; col++) {
      int source = b.row(j + col) + from;
      for (int p = 0; p < depth; p++) {
        panel[p * PANEL + col] = b.data()[source + p];
      }
    }
  }

  private static void multiply(
      MatrixSlice a, int m, int from, int depth, Panel panel, float[] sums) {
    int tiled = m - m % TILE;
    for (int i = 0; i < tiled; i += TILE) {
      addTile(a, i, from, depth, panel, sums);
    }
    for (int i = tiled; i < m; i++) {
      addRow(a.data(), a.row(i) + from, depth, panel, sums, i * PANEL);
    }
  }

  private static void addTile(
      MatrixSlice a, int i, int from, int depth, Panel panel, float[] sums) {
    float[] x = a.data();
    float[] y = panel.values;
    int at = panel.from;
    int x0 = a.row(i) + from;
    int x1 = a.row(i + 1) + from;
    int x2 = a.row(i + 2) + from;
    int x3 = a.row(i + 3) + from;
    int to = i * PANEL;
    FloatVector s00 = FloatVector.fromArray(FLOATS, sums, to);
    FloatVector s01 = FloatVector.fromArray(FLOATS, sums, to + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, sums, to + PANEL);
    FloatVector s11 = FloatVector.fromArray(FLOATS, sums, to + PANEL + LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, sums, to + 2 * PANEL);
    FloatVector s21 = FloatVector.fromArray(FLOATS, sums, to + 2 * PANEL + LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, sums, to + 3 * PANEL);
    FloatVector s31 = FloatVector.fromArray(FLOATS, sums, to + 3 * PANEL + LANES);
    for (int p = 0; p < depth; p++, at += panel.stride) {
      FloatVector y0 = FloatVector.fromArray(FLOATS, y, at);
      FloatVector y1 = FloatVector.fromArray(FLOATS, y, at + LANES);
      FloatVector v0 = FloatVector.broadcast(FLOATS, x[x0 + p]);
      s00 = v0.fma(y0, s00);
      s01 = v0.fma(y1, s01);
      FloatVector v1 = FloatVector.broadcast(FLOATS, x[x1 + p]);
      s10 = v1.fma(y0, s10);
      s11 = v1.fma(y1, s11);
      FloatVector v2 = FloatVector.broadcast(FLOATS, x[x2 + p]);
      s20 = v2.fma(y0, s20);
      s21 = v2.fma(y1, s21);
      FloatVector v3 = FloatVector.broadcast(FLOATS, x[x3 + p]);
      s30 = v3.fma(y0, s30);
      s31 = v3.fma(y1, s31);
    }
    s00.intoArray(sums, to);
    s01.intoArray(sums, to + LANES);
    s10.intoArray(sums, to + PANEL);
    s11.intoArray(sums, to + PANEL + LANES);
    s20.intoArray(sums, to + 2 * PANEL);
    s21.intoArray(sums, to + 2 * PANEL + LANES);
    s30.intoArray(sums, to + 3 * PANEL);
    s31.intoArray(sums, to + 3 * PANEL + LANES);
  }

  private static void addRow(float[] x, int from, int depth, Panel panel, float[] sums, int to) {
    float[] y = panel.values;
    int at = panel.from;
    FloatVector s0 = FloatVector.fromArray(FLOATS, sums, to);
    FloatVector s1 = FloatVector.fromArray(FLOATS, sums, to + LANES);
    for (int p = 0; p < depth; p++, at += panel.stride) {
      FloatVector value = FloatVector.broadcast(FLOATS, x[from + p]);
      s0 = value.fma(FloatVector.fromArray(FLOATS, y, at), s0);
      s1 = value.fma(FloatVector.fromArray(FLOATS, y, at + LANES), s1);
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
  }
}
