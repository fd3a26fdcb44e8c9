package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.Hessian.PANEL;
import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;

import dev.facet.quantization.domain.kernel.Workers;

/**
 * A damped Hessian in float32, its columns in the matrix's own order, laid out for products with
 * groups of 32 columns.
 */
final class Moments {
  private final int size;

  /** Columns {@code 32p..32p+31}, {@code size x 32}. */
  private final float[][] panels;

  Moments(Hessian hessian, double damping, Workers workers) {
    this.size = hessian.size();
    this.panels = new float[(size + PANEL - 1) / PANEL][];
    workers.forEach(panels.length, p -> panels[p] = panel(hessian, damping, p));
  }

  private static float[] panel(Hessian hessian, double damping, int p) {
    int size = hessian.size();
    float[] panel = new float[size * PANEL];
    for (int i = 0; i < size; i++) {
      for (int j = p * PANEL; j < Math.min((p + 1) * PANEL, size); j++) {
        panel[i * PANEL + j % PANEL] = (float) (hessian.at(i, j) + (i == j ? damping : 0));
      }
    }
    return panel;
  }

  int size() {
    return size;
  }

  float diagonal(int col) {
    return panels[col / PANEL][col * PANEL + col % PANEL];
  }

  /** Rows of group {@code rowGroup}, columns of group {@code colGroup}; fewer at the edges. */
  FloatBlock tile(int rowGroup, int colGroup) {
    int from = rowGroup * PANEL;
    return new FloatBlock(panels[colGroup], from * PANEL, PANEL, width(rowGroup), width(colGroup));
  }

  /** Columns of a group. */
  int width(int group) {
    return Math.min(PANEL, size - group * PANEL);
  }

  /**
   * Adds one group of columns of {@code H v}.
   *
   * @param values {@code size x LANES}, one lane a row of a matrix
   * @param products receives {@code width(group) x LANES}
   */
  void multiply(FeedbackKernel kernel, float[] values, int group, float[] products) {
    FloatBlock sums = new FloatBlock(products, 0, LANES, width(group), LANES);
    for (int other = 0; other * PANEL < size; other++) {
      int from = other * PANEL * LANES;
      kernel.addProduct(
          tile(other, group), new FloatBlock(values, from, LANES, width(other), LANES), sums);
    }
  }
}
