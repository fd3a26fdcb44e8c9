package dev.facet.quantization.domain.codec;

import static dev.facet.quantization.domain.codec.CodeSettings.MIN_DEPTH;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

/**
 * One factor a row for each depth above the anchor, so that a prefix fits the weights it stands
 * for.
 */
final class PrefixGains {
  private static final int STEPS = 256;

  private PrefixGains() {}

  static void fit(float[] weights, EmbeddedMatrix matrix, int firstRow, int rowCount) {
    for (int depth = MIN_DEPTH; depth < matrix.anchor; depth++) {
      float[] plus = EmbeddedMatrix.levels(depth, matrix.shift);
      float[] minus = EmbeddedMatrix.levels(depth, -matrix.shift);
      for (int row = firstRow; row < firstRow + rowCount; row++) {
        matrix.gains[depth][row] = nearest(leastSquares(weights, matrix, row, depth, plus, minus));
      }
    }
  }

  /** The factor g that makes the sum of (w - g v)^2 least over a row; 1 where every v is 0. */
  private static double leastSquares(
      float[] weights, EmbeddedMatrix matrix, int row, int depth, float[] plus, float[] minus) {
    double cross = 0;
    double square = 0;
    int dropped = matrix.anchor - depth;
    for (int g = 0; g < matrix.groups; g++) {
      float scale = matrix.groupScale(row, g, matrix.anchor);
      float[] levels = matrix.scaleBytes[row * matrix.groups + g] < 0 ? minus : plus;
      int from = row * matrix.cols + g * GROUP;
      int cells = (row * matrix.groups + g) * GROUP;
      int count = Math.min(GROUP, matrix.cols - g * GROUP);
      for (int i = 0; i < count; i++) {
        double value = scale * levels[(matrix.cells[cells + i] & 0xff) >> dropped];
        cross += weights[from + i] * value;
        square += value * value;
      }
    }
    return square > 0 ? cross / square : 1;
  }

  /** The stored form of a gain. */
  static byte nearest(double gain) {
    return (byte) Math.min(Math.max(Math.round((gain - 0.5) * STEPS), 0), STEPS - 1);
  }
}
