package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;

/** The reference: what the other kernels must reproduce bit for bit. */
final class ScalarFeedbackKernel implements FeedbackKernel {

  @Override
  public void addProduct(FloatBlock a, FloatBlock b, FloatBlock c) {
    for (int i = 0; i < c.rows(); i++) {
      for (int k = 0; k < a.rows(); k++) {
        float factor = a.values()[a.offset() + k * a.stride() + i];
        addScaled(factor, b, b.offset() + k * b.stride(), c, c.offset() + i * c.stride());
      }
    }
  }

  private static void addScaled(float factor, FloatBlock b, int from, FloatBlock c, int to) {
    float[] source = b.values();
    float[] target = c.values();
    for (int j = 0; j < c.cols(); j++) {
      target[to + j] = Math.fma(factor, source[from + j], target[to + j]);
    }
  }

  @Override
  public void subtractProduct(DoubleBlock a, DoubleBlock b, DoubleBlock c) {
    for (int i = 0; i < c.rows(); i++) {
      for (int k = 0; k < a.rows(); k++) {
        double factor = a.values()[a.offset() + k * a.stride() + i];
        subtractScaled(factor, b, b.offset() + k * b.stride(), c, c.offset() + i * c.stride());
      }
    }
  }

  private static void subtractScaled(
      double factor, DoubleBlock b, int from, DoubleBlock c, int to) {
    double[] source = b.values();
    double[] target = c.values();
    for (int j = 0; j < c.cols(); j++) {
      target[to + j] = Math.fma(-factor, source[from + j], target[to + j]);
    }
  }

  @Override
  public void round(LaneColumn column, int anchor) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    for (int lane = 0; lane < LANES; lane++) {
      float target =
          column.weights[column.column + lane] + column.feedback[column.feedbackFrom + lane];
      float shift = column.shifts[column.group + lane];
      float unit = target * column.inverses[column.group + lane] - shift;
      int cell = (int) Math.min(Math.max(unit * half + half, 0), highestCell);
      column.cells[column.column + lane] = (byte) cell;
      column.values[column.column + lane] =
          column.scales[column.group + lane] * (cell * step + lowest + shift);
    }
  }
}
