package dev.facet.quantization.domain.checkpoint;

/** Gives the weights of a model by blocks of rows. Safe for use by several threads. */
@FunctionalInterface
public interface WeightSource {
  /**
   * @param tensor one of the model's
   * @param target receives {@code rowCount x cols} float32 values, row-major, from {@code offset}
   *     on
   */
  void read(TensorSpec tensor, int firstRow, int rowCount, float[] target, int offset);

  /** The whole tensor, which must fit an array. */
  default float[] read(TensorSpec tensor) {
    float[] values = new float[Math.multiplyExact(tensor.rows(), tensor.cols())];
    read(tensor, 0, tensor.rows(), values, 0);
    return values;
  }
}
