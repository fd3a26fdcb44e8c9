package dev.facet.quantization.domain.checkpoint;

import java.util.function.IntUnaryOperator;

/**
 * How a tensor that a forward pass asks for is made from one that a checkpoint stores: some of its
 * rows, in some order, each value {@code (stored + offset) * factor}. What families do differently
 * in storing the same arithmetic ends here.
 *
 * @param row of the stored tensor, by row of the one asked for; null for the same
 */
record TensorView(TensorSpec stored, IntUnaryOperator row, float offset, float factor) {
  static TensorView of(TensorSpec stored) {
    return new TensorView(stored, null, 0, 1);
  }

  /** Rows taken in another order, or some of them only. */
  TensorView rows(IntUnaryOperator order) {
    return new TensorView(stored, row == null ? order : order.andThen(row), offset, factor);
  }

  /** The same, where the stored tensor's name begins with something more. */
  TensorView prefixed(String prefix) {
    TensorSpec renamed = new TensorSpec(prefix + stored.name(), stored.rows(), stored.cols());
    return new TensorView(renamed, row, offset, factor);
  }

  TensorView plus(float term) {
    return new TensorView(stored, row, offset + term, factor);
  }

  TensorView times(double scale) {
    return new TensorView(stored, row, offset, (float) (factor * scale));
  }

  /**
   * @param source of stored tensors
   */
  void read(WeightSource source, int firstRow, int rowCount, float[] target, int offset) {
    if (row == null) {
      source.read(stored, firstRow, rowCount, target, offset);
    } else {
      readRows(source, firstRow, rowCount, target, offset);
    }
    if (this.offset != 0 || factor != 1) {
      for (int i = offset; i < offset + rowCount * stored.cols(); i++) {
        target[i] = (target[i] + this.offset) * factor;
      }
    }
  }

  /** Rows that lie side by side are read at once. */
  private void readRows(WeightSource source, int firstRow, int rowCount, float[] to, int offset) {
    int done = 0;
    while (done < rowCount) {
      int from = row.applyAsInt(firstRow + done);
      int run = 1;
      while (done + run < rowCount && row.applyAsInt(firstRow + done + run) == from + run) {
        run++;
      }
      source.read(stored, from, run, to, offset + done * stored.cols());
      done += run;
    }
  }
}
