package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static dev.facet.quantization.domain.kernel.GroupBlock.GROUP;

import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import java.util.Arrays;

/**
 * Up to 64 rows of a matrix while they are coded, transposed: one vector lane a row. Rows do not
 * influence each other, so the split into tiles shows in no result. Lanes past the last row hold
 * zeros.
 */
final class RowTile {
  final int firstRow;
  final int rows;
  final int cols;
  final int groups;
  final int anchor;
  final float shift;

  /** {@code cols x LANES}. */
  final float[] weights;

  /** Decoded values at the anchor, {@code cols x LANES}. */
  final float[] values;

  /** {@code cols x LANES}. */
  final byte[] cells;

  /** Seven bits of scale, {@code groups x LANES}; 0 for groups of zeros. */
  final byte[] steps;

  /** {@code groups x LANES}. */
  final float[] scales;

  /** {@code groups x LANES}. */
  final float[] inverses;

  /** {@code groups x LANES}. */
  final float[] shifts;

  private final float[] rowScales = new float[LANES];

  /**
   * @param start gives the row scales, the group scales and the first cells
   */
  RowTile(float[] weights, EmbeddedMatrix start, int firstRow) {
    this.firstRow = firstRow;
    this.rows = Math.min(LANES, start.rows() - firstRow);
    this.cols = start.cols();
    this.groups = EmbeddedMatrix.groups(cols);
    this.anchor = start.anchor();
    this.shift = start.shift();
    this.weights = new float[cols * LANES];
    this.values = new float[cols * LANES];
    this.cells = new byte[cols * LANES];
    this.steps = new byte[groups * LANES];
    this.scales = new float[groups * LANES];
    this.inverses = new float[groups * LANES];
    this.shifts = new float[groups * LANES];
    for (int lane = 0; lane < rows; lane++) {
      load(weights, start, lane);
    }
  }

  private void load(float[] source, EmbeddedMatrix start, int lane) {
    int row = firstRow + lane;
    rowScales[lane] = start.rowScale(row, anchor);
    for (int group = 0; group < groups; group++) {
      byte scaleByte = start.scaleByte(row, group);
      shifts[group * LANES + lane] = scaleByte < 0 ? -shift : shift;
      setStep(group * LANES + lane, scaleByte & 0x7f);
    }
    for (int col = 0; col < cols; col++) {
      weights[col * LANES + lane] = source[row * cols + col];
      cells[col * LANES + lane] = (byte) start.cell(row, col, anchor);
    }
    decodeLane(lane);
  }

  private void decodeLane(int lane) {
    float cellsInAll = 1 << anchor;
    for (int col = 0; col < cols; col++) {
      int group = col / GROUP * LANES + lane;
      int cell = cells[col * LANES + lane] & 0xff;
      values[col * LANES + lane] =
          scales[group] * ((2 * cell + 1) / cellsInAll - 1 + shifts[group]);
    }
  }

  /** Gives a group another scale; cells and decoded values stay for the caller to renew. */
  void setStep(int group, int step) {
    float scale = rowScales[group % LANES] * (step / 127f);
    steps[group] = (byte) step;
    scales[group] = scale;
    inverses[group] = scale > 0 ? 1 / scale : 0;
  }

  /** A view on this tile's columns, at its first. */
  LaneColumn column() {
    LaneColumn column = new LaneColumn();
    column.weights = weights;
    column.scales = scales;
    column.inverses = inverses;
    column.shifts = shifts;
    column.cells = cells;
    column.values = values;
    return column;
  }

  /** Values of the code's first {@code depth} bits, {@code cols x LANES}, without gain. */
  float[] prefix(int depth) {
    float[] prefix = new float[values.length];
    float cellsInAll = 1 << depth;
    for (int col = 0; col < cols; col++) {
      for (int lane = 0; lane < LANES; lane++) {
        int group = col / GROUP * LANES + lane;
        int cell = (cells[col * LANES + lane] & 0xff) >> (anchor - depth);
        prefix[col * LANES + lane] =
            scales[group] * ((2 * cell + 1) / cellsInAll - 1 + shifts[group]);
      }
    }
    return prefix;
  }

  /** Writes the tile's rows to the arrays of a coded matrix. */
  void store(byte[] scaleBytes, byte[] allCells) {
    for (int lane = 0; lane < rows; lane++) {
      int row = firstRow + lane;
      for (int group = 0; group < groups; group++) {
        int from = group * LANES + lane;
        boolean down = Float.floatToRawIntBits(shifts[from]) < 0;
        scaleBytes[row * groups + group] = (byte) (down ? steps[from] | 0x80 : steps[from]);
      }
      storeCells(lane, allCells, row * groups * GROUP);
    }
  }

  private void storeCells(int lane, byte[] allCells, int to) {
    for (int col = 0; col < cols; col++) {
      boolean zero = steps[col / GROUP * LANES + lane] == 0;
      allCells[to + col] = zero ? 0 : cells[col * LANES + lane];
    }
    Arrays.fill(allCells, to + cols, to + groups * GROUP, (byte) 0);
  }
}
