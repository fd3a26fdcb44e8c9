package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.Workers;

/**
 * Products with weight matrices that are read block by block, each block by the worker that uses
 * it.
 */
final class Linear {
  private static final int BLOCK_WEIGHTS = 1 << 15;

  /** A multiple of the columns that the widest kernel works on at a time. */
  private static final int BLOCK_ROWS = 32;

  private final WeightSource weights;
  private final MatrixKernel kernel;
  private final Workers workers;

  Linear(WeightSource weights, MatrixKernel kernel, Workers workers) {
    this.weights = weights;
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * @param inputs {@code count x tensor.cols()}
   * @return {@code count x tensor.rows()}
   */
  float[] apply(TensorSpec tensor, float[] inputs, int count) {
    float[] outputs = new float[Math.multiplyExact(count, tensor.rows())];
    apply(tensor, MatrixSlice.of(inputs, tensor.cols()), count, outputs);
    return outputs;
  }

  void apply(TensorSpec tensor, MatrixSlice inputs, int count, float[] outputs) {
    int blockRows = Math.max(BLOCK_ROWS, BLOCK_WEIGHTS / tensor.cols() & -BLOCK_ROWS);
    int blocks = (tensor.rows() + blockRows - 1) / blockRows;
    workers.forEach(
        blocks,
        block -> {
          int first = block * blockRows;
          int rows = Math.min(blockRows, tensor.rows() - first);
          float[] values = new float[rows * tensor.cols()];
          weights.read(tensor, first, rows, values, 0);
          kernel.multiplyTransposed(
              inputs,
              MatrixSlice.of(values, tensor.cols()),
              count,
              rows,
              tensor.cols(),
              new MatrixSlice(outputs, first, tensor.rows()));
        });
  }
}
