package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import java.util.Arrays;

/** The H-weighted least squares gain of each row for a depth above the anchor. */
final class PrefixFit {
  private final FeedbackKernel kernel;
  private final Moments moments;
  private final RowTile tile;

  PrefixFit(FeedbackKernel kernel, Moments moments, RowTile tile) {
    this.kernel = kernel;
    this.moments = moments;
    this.tile = tile;
  }

  /**
   * Finds the factors g that make {@code (w - g v)^T H (w - g v)} least; 1 where every v is 0.
   *
   * @param gains receives one factor a row, from the tile's first row on
   */
  void fit(int depth, double[] gains) {
    float[] prefix = tile.prefix(depth);
    double[] cross = new double[LANES];
    double[] square = new double[LANES];
    float[] products = new float[GROUP * LANES];
    for (int group = 0; group < tile.groups; group++) {
      Arrays.fill(products, 0);
      moments.multiply(kernel, prefix, group, products);
      int from = group * GROUP * LANES;
      for (int i = 0; i < moments.width(group) * LANES; i++) {
        cross[i % LANES] += (double) products[i] * tile.weights[from + i];
        square[i % LANES] += (double) products[i] * prefix[from + i];
      }
    }
    for (int lane = 0; lane < tile.rows; lane++) {
      gains[tile.firstRow + lane] = square[lane] > 0 ? cross[lane] / square[lane] : 1;
    }
  }
}
