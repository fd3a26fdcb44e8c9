package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/** The weighted error {@code (E H E^T)_ii} of each row of a matrix, however it was coded. */
final class OutputError {
  private final FeedbackKernel kernel;
  private final Moments moments;

  OutputError(FeedbackKernel kernel, Moments moments) {
    this.kernel = kernel;
    this.moments = moments;
  }

  /**
   * @param weights {@code rows x moments.size()}, row-major
   * @param decoded the same after coding
   * @return one error a row
   */
  double[] rows(float[] weights, float[] decoded, int rows, Workers workers) {
    double[] errors = new double[rows];
    int tiles = (rows + LANES - 1) / LANES;
    workers.forEach(tiles, tile -> measure(weights, decoded, tile * LANES, errors));
    return errors;
  }

  private void measure(float[] weights, float[] decoded, int firstRow, double[] sums) {
    int cols = moments.size();
    int count = Math.min(LANES, sums.length - firstRow);
    float[] errors = new float[cols * LANES];
    for (int lane = 0; lane < count; lane++) {
      int from = (firstRow + lane) * cols;
      for (int col = 0; col < cols; col++) {
        errors[col * LANES + lane] = weights[from + col] - decoded[from + col];
      }
    }
    float[] products = new float[GROUP * LANES];
    for (int group = 0; group * GROUP < cols; group++) {
      Arrays.fill(products, 0);
      moments.multiply(kernel, errors, group, products);
      int from = group * GROUP * LANES;
      for (int i = 0; i < moments.width(group) * LANES; i++) {
        if (i % LANES < count) {
          sums[firstRow + i % LANES] += (double) products[i] * errors[from + i];
        }
      }
    }
  }
}
