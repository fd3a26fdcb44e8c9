package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import java.util.Arrays;

/**
 * Improves a tile's code group by group: each cell, then the group's scale, is set to what is best
 * with all else held, so that the weighted error {@code tr(E H E^T)} never rises. The scale's step
 * is the H-weighted least squares fit rounded to seven bits.
 */
final class GroupDescent {
  private static final int STEPS = 127;

  private final FeedbackKernel kernel;
  private final Moments moments;
  private final RowTile tile;
  private final LaneColumn column;

  /** {@code H (w - v)} for the present values v, {@code cols x LANES}. */
  private final float[] gradient;

  /** The group's values before less those after, {@code GROUP x LANES}. */
  private final float[] change = new float[GROUP * LANES];

  private final float[] before = new float[LANES];
  private final float[] scratch = new float[GROUP * LANES];

  GroupDescent(FeedbackKernel kernel, Moments moments, RowTile tile) {
    this.kernel = kernel;
    this.moments = moments;
    this.tile = tile;
    this.gradient = new float[tile.cols * LANES];
    this.column = tile.column();
    this.column.weights = tile.values;
    this.column.feedback = scratch;
    for (int group = 0; group < tile.groups; group++) {
      loadErrors(group);
      passOn(group, -1);
    }
  }

  private void loadErrors(int group) {
    int from = group * GROUP * LANES;
    for (int i = 0; i < moments.width(group) * LANES; i++) {
      change[i] = tile.weights[from + i] - tile.values[from + i];
    }
  }

  /** Visits every group once. */
  void pass() {
    for (int group = 0; group < tile.groups; group++) {
      Arrays.fill(change, 0);
      for (int i = 0; i < moments.width(group); i++) {
        chooseCell(group, i);
      }
      fitScale(group);
      passOn(group, group);
    }
  }

  /** The weighted error of each row. */
  void errors(double[] sums) {
    Arrays.fill(sums, 0, LANES, 0);
    for (int i = 0; i < tile.cols * LANES; i++) {
      sums[i % LANES] += (double) gradient[i] * (tile.weights[i] - tile.values[i]);
    }
  }

  private void chooseCell(int group, int i) {
    int from = (group * GROUP + i) * LANES;
    float inverse = 1 / moments.diagonal(group * GROUP + i);
    for (int lane = 0; lane < LANES; lane++) {
      scratch[lane] = gradient[from + lane] * inverse;
      before[lane] = tile.values[from + lane];
    }
    column.column = from;
    column.group = group * LANES;
    kernel.round(column, tile.anchor);
    for (int lane = 0; lane < LANES; lane++) {
      scratch[lane] = before[lane] - tile.values[from + lane];
      change[i * LANES + lane] += scratch[lane];
    }
    kernel.addProduct(
        moments.tile(group, group).slice(i, 0, 1, moments.width(group)),
        new FloatBlock(scratch, 0, LANES, 1, LANES),
        gradient(group));
  }

  private void fitScale(int group) {
    int width = moments.width(group);
    FloatBlock values = new FloatBlock(tile.values, group * GROUP * LANES, LANES, width, LANES);
    Arrays.fill(scratch, 0);
    FloatBlock products = new FloatBlock(scratch, 0, LANES, width, LANES);
    kernel.addProduct(moments.tile(group, group), values, products);
    boolean changed = false;
    for (int lane = 0; lane < LANES; lane++) {
      changed |= fitLane(group, lane, width);
    }
    if (changed) {
      decode(group, width);
    }
  }

  private boolean fitLane(int group, int lane, int width) {
    int from = group * GROUP * LANES + lane;
    double cross = 0;
    double square = 0;
    for (int i = 0; i < width; i++) {
      double value = tile.values[from + i * LANES];
      cross += value * gradient[from + i * LANES];
      square += value * scratch[i * LANES + lane];
    }
    int step = tile.steps[group * LANES + lane];
    if (!(square > 0) || step == 0) {
      return false;
    }
    long best = Math.min(Math.max(Math.round(step * (1 + cross / square)), 1), STEPS);
    tile.setStep(group * LANES + lane, (int) best);
    return best != step;
  }

  /** Decodes a group anew after its scales have changed. */
  private void decode(int group, int width) {
    float cellsInAll = 1 << tile.anchor;
    int from = group * GROUP * LANES;
    for (int i = 0; i < width * LANES; i++) {
      int lane = group * LANES + i % LANES;
      int cell = tile.cells[from + i] & 0xff;
      float value = tile.scales[lane] * ((2 * cell + 1) / cellsInAll - 1 + tile.shifts[lane]);
      scratch[i] = tile.values[from + i] - value;
      change[i] += scratch[i];
      tile.values[from + i] = value;
    }
    kernel.addProduct(
        moments.tile(group, group),
        new FloatBlock(scratch, 0, LANES, width, LANES),
        gradient(group));
  }

  /** Adds what a group's change does to the gradient of all groups but {@code except}. */
  private void passOn(int group, int except) {
    FloatBlock passed = new FloatBlock(change, 0, LANES, moments.width(group), LANES);
    for (int other = 0; other < tile.groups; other++) {
      if (other != except) {
        kernel.addProduct(moments.tile(group, other), passed, gradient(other));
      }
    }
  }

  private FloatBlock gradient(int group) {
    return new FloatBlock(gradient, group * GROUP * LANES, LANES, moments.width(group), LANES);
  }
}
