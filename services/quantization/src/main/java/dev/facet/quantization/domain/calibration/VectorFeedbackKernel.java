package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The scalar reference's operations in the scalar reference's order for each element, four rows by
 * two vectors of elements at a time.
 */
final class VectorFeedbackKernel implements FeedbackKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int FLOAT = FLOATS.length();
  private static final int DOUBLE = DOUBLES.length();
  private static final int ROWS = 4;

  private final ScalarFeedbackKernel scalar = new ScalarFeedbackKernel();

  @Override
  public void addProduct(FloatBlock a, FloatBlock b, FloatBlock c) {
    int wideCols = c.cols() - c.cols() % (2 * FLOAT);
    int wideRows = c.rows() - c.rows() % ROWS;
    for (int j = 0; j < wideCols; j += 2 * FLOAT) {
      for (int i = 0; i < wideRows; i += ROWS) {
        addTile(a, b, c, i, j);
      }
      for (int i = wideRows; i < c.rows(); i++) {
        addRow(a, b, c, i, j);
      }
    }
    if (wideCols < c.cols()) {
      int rest = c.cols() - wideCols;
      scalar.addProduct(
          a, b.slice(0, wideCols, b.rows(), rest), c.slice(0, wideCols, c.rows(), rest));
    }
  }

  private static void addTile(FloatBlock a, FloatBlock b, FloatBlock c, int i, int j) {
    float[] out = c.values();
    int c0 = c.offset() + i * c.stride() + j;
    int c1 = c0 + c.stride();
    int c2 = c1 + c.stride();
    int c3 = c2 + c.stride();
    FloatVector s00 = FloatVector.fromArray(FLOATS, out, c0);
    FloatVector s01 = FloatVector.fromArray(FLOATS, out, c0 + FLOAT);
    FloatVector s10 = FloatVector.fromArray(FLOATS, out, c1);
    FloatVector s11 = FloatVector.fromArray(FLOATS, out, c1 + FLOAT);
    FloatVector s20 = FloatVector.fromArray(FLOATS, out, c2);
    FloatVector s21 = FloatVector.fromArray(FLOATS, out, c2 + FLOAT);
    FloatVector s30 = FloatVector.fromArray(FLOATS, out, c3);
    FloatVector s31 = FloatVector.fromArray(FLOATS, out, c3 + FLOAT);
    float[] left = a.values();
    float[] right = b.values();
    int l = a.offset() + i;
    int r = b.offset() + j;
    for (int k = 0; k < a.rows(); k++, l += a.stride(), r += b.stride()) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, right, r);
      FloatVector b1 = FloatVector.fromArray(FLOATS, right, r + FLOAT);
      FloatVector a0 = FloatVector.broadcast(FLOATS, left[l]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, left[l + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, left[l + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, left[l + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    s00.intoArray(out, c0);
    s01.intoArray(out, c0 + FLOAT);
    s10.intoArray(out, c1);
    s11.intoArray(out, c1 + FLOAT);
    s20.intoArray(out, c2);
    s21.intoArray(out, c2 + FLOAT);
    s30.intoArray(out, c3);
    s31.intoArray(out, c3 + FLOAT);
  }

  private static void addRow(FloatBlock a, FloatBlock b, FloatBlock c, int i, int j) {
    float[] out = c.values();
    int to = c.offset() + i * c.stride() + j;
    FloatVector s0 = FloatVector.fromArray(FLOATS, out, to);
    FloatVector s1 = FloatVector.fromArray(FLOATS, out, to + FLOAT);
    float[] right = b.values();
    int l = a.offset() + i;
    int r = b.offset() + j;
    for (int k = 0; k < a.rows(); k++, l += a.stride(), r += b.stride()) {
      FloatVector factor = FloatVector.broadcast(FLOATS, a.values()[l]);
      s0 = factor.fma(FloatVector.fromArray(FLOATS, right, r), s0);
      s1 = factor.fma(FloatVector.fromArray(FLOATS, right, r + FLOAT), s1);
    }
    s0.intoArray(out, to);
    s1.intoArray(out, to + FLOAT);
  }

  @Override
  public void subtractProduct(DoubleBlock a, DoubleBlock b, DoubleBlock c) {
    int wideCols = c.cols() - c.cols() % (2 * DOUBLE);
    int wideRows = c.rows() - c.rows() % ROWS;
    for (int j = 0; j < wideCols; j += 2 * DOUBLE) {
      for (int i = 0; i < wideRows; i += ROWS) {
        subtractTile(a, b, c, i, j);
      }
    }
    if (wideRows < c.rows()) {
      int rest = c.rows() - wideRows;
      scalar.subtractProduct(
          a.slice(0, wideRows, a.rows(), rest),
          b.slice(0, 0, b.rows(), wideCols),
          c.slice(wideRows, 0, rest, wideCols));
    }
    if (wideCols < c.cols()) {
      int rest = c.cols() - wideCols;
      scalar.subtractProduct(
          a, b.slice(0, wideCols, b.rows(), rest), c.slice(0, wideCols, c.rows(), rest));
    }
  }

  private static void subtractTile(DoubleBlock a, DoubleBlock b, DoubleBlock c, int i, int j) {
    double[] out = c.values();
    int c0 = c.offset() + i * c.stride() + j;
    int c1 = c0 + c.stride();
    int c2 = c1 + c.stride();
    int c3 = c2 + c.stride();
    DoubleVector s00 = DoubleVector.fromArray(DOUBLES, out, c0);
    DoubleVector s01 = DoubleVector.fromArray(DOUBLES, out, c0 + DOUBLE);
    DoubleVector s10 = DoubleVector.fromArray(DOUBLES, out, c1);
    DoubleVector s11 = DoubleVector.fromArray(DOUBLES, out, c1 + DOUBLE);
    DoubleVector s20 = DoubleVector.fromArray(DOUBLES, out, c2);
    DoubleVector s21 = DoubleVector.fromArray(DOUBLES, out, c2 + DOUBLE);
    DoubleVector s30 = DoubleVector.fromArray(DOUBLES, out, c3);
    DoubleVector s31 = DoubleVector.fromArray(DOUBLES, out, c3 + DOUBLE);
    double[] left = a.values();
    double[] right = b.values();
    int l = a.offset() + i;
    int r = b.offset() + j;
    for (int k = 0; k < a.rows(); k++, l += a.stride(), r += b.stride()) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, right, r);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, right, r + DOUBLE);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, -left[l]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, -left[l + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, -left[l + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, -left[l + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    s00.intoArray(out, c0);
    s01.intoArray(out, c0 + DOUBLE);
    s10.intoArray(out, c1);
    s11.intoArray(out, c1 + DOUBLE);
    s20.intoArray(out, c2);
    s21.intoArray(out, c2 + DOUBLE);
    s30.intoArray(out, c3);
    s31.intoArray(out, c3 + DOUBLE);
  }

  @Override
  public void round(LaneColumn column, int anchor) {
    float half = 1 << (anchor - 1);
    float step = 1 / half;
    float lowest = 0.5f * step - 1;
    float highestCell = 2 * half - 1;
    int[] found = new int[FLOAT];
    for (int lane = 0; lane < LANES; lane += FLOAT) {
      FloatVector weight = FloatVector.fromArray(FLOATS, column.weights, column.column + lane);
      FloatVector feedback =
          FloatVector.fromArray(FLOATS, column.feedback, column.feedbackFrom + lane);
      FloatVector shift = FloatVector.fromArray(FLOATS, column.shifts, column.group + lane);
      FloatVector inverse = FloatVector.fromArray(FLOATS, column.inverses, column.group + lane);
      FloatVector scale = FloatVector.fromArray(FLOATS, column.scales, column.group + lane);
      FloatVector unit = weight.add(feedback).mul(inverse).sub(shift);
      FloatVector position = unit.mul(half).add(half).max(0).min(highestCell);
      IntVector cell = (IntVector) position.convert(VectorOperators.F2I, 0);
      FloatVector level = ((FloatVector) cell.convert(VectorOperators.I2F, 0)).mul(step);
      scale.mul(level.add(lowest).add(shift)).intoArray(column.values, column.column + lane);
      cell.intoArray(found, 0);
      for (int j = 0; j < FLOAT; j++) {
        column.cells[column.column + lane + j] = (byte) found[j];
      }
    }
  }
}
