package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.FeedbackFactor.BLOCK;
import static dev.facet.quantization.domain.calibration.Hessian.PANEL;
import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

/**
 * Rounds the columns of a tile one after the other and passes each error on to the columns behind
 * it: at once within four columns, in small products within a block of 128, and in one product for
 * all that lie behind the block. The scales stay as they were (static groups).
 */
final class FeedbackSweep {
  private static final int QUAD = 4;

  private final FeedbackKernel kernel;
  private final FeedbackFactor factor;
  private final RowTile tile;
  private final LaneColumn column;

  /** What is added to each column, in the order of the sweep, {@code cols x LANES}. */
  private final float[] feedback;

  /** Errors of the present block, {@code BLOCK x LANES}. */
  private final float[] errors = new float[BLOCK * LANES];

  FeedbackSweep(FeedbackKernel kernel, FeedbackFactor factor, RowTile tile) {
    this.kernel = kernel;
    this.factor = factor;
    this.tile = tile;
    this.feedback = new float[tile.cols * LANES];
    this.column = tile.column();
    this.column.feedback = feedback;
  }

  void run() {
    for (int first = 0; first < tile.cols; first += BLOCK) {
      int end = Math.min(first + BLOCK, tile.cols);
      for (int quad = first; quad < end; quad += QUAD) {
        roundQuad(first, quad, Math.min(quad + QUAD, end));
      }
      passBehind(first, end);
    }
  }

  private void roundQuad(int first, int quad, int end) {
    pass(first, first, quad, quad, end);
    for (int i = quad; i < end; i++) {
      pass(first, quad, i, i, i + 1);
      column.column = factor.column(i) * LANES;
      column.group = factor.column(i) / GROUP * LANES;
      column.feedbackFrom = i * LANES;
      kernel.round(column, tile.anchor);
      keepErrors(column.column, (i - first) * LANES);
    }
  }

  private void keepErrors(int from, int to) {
    for (int lane = 0; lane < LANES; lane++) {
      errors[to + lane] = tile.weights[from + lane] - tile.values[from + lane];
    }
  }

  /** Adds what columns {@code from..to-1} of a block pass on to columns within one panel of it. */
  private void pass(int first, int from, int to, int firstTarget, int endTarget) {
    int panel = (firstTarget - first) / PANEL * PANEL + first;
    int targets = endTarget - firstTarget;
    FloatBlock coefficients =
        factor.panel(first, panel).slice(from - first, firstTarget - panel, to - from, targets);
    kernel.addProduct(
        coefficients,
        new FloatBlock(errors, (from - first) * LANES, LANES, to - from, LANES),
        new FloatBlock(feedback, firstTarget * LANES, LANES, targets, LANES));
  }

  private void passBehind(int first, int end) {
    FloatBlock passed = new FloatBlock(errors, 0, LANES, end - first, LANES);
    for (int target = end; target < tile.cols; target += PANEL) {
      int targets = Math.min(PANEL, tile.cols - target);
      kernel.addProduct(
          factor.panel(first, target),
          passed,
          new FloatBlock(feedback, target * LANES, LANES, targets, LANES));
    }
  }
}
