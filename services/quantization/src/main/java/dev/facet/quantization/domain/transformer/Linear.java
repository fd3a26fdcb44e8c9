package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.MatrixSlice;
import dev.facet.quantization.domain.kernel.PanelMatrix;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Products with weight matrices that are read block by block, each block by the worker that uses
 * it. Blocks are kept as the kernel reads them where memory holds those of the whole model; of a
 * larger one, each pass would push out what the next begins with.
 */
final class Linear {
  private static final int BLOCK_WEIGHTS = 1 << 15;

  /** A multiple of the columns that the widest kernel works on at a time. */
  private static final int BLOCK_ROWS = PanelMatrix.PANEL;

  /**
   * Most values kept: a sixteenth of the heap. Measuring runs two models at once, and a worker may
   * have a task on each of its threads.
   */
  private static final long KEPT = Runtime.getRuntime().maxMemory() / (16 * Float.BYTES);

  private final WeightSource weights;
  private final MatrixKernel kernel;
  private final Workers workers;
  private final Map<TensorSpec, PanelMatrix[]> kept = new ConcurrentHashMap<>();
  private final AtomicLong seenWeights = new AtomicLong();

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
    PanelMatrix[] blocks = blocks(tensor, (tensor.rows() + blockRows - 1) / blockRows);
    boolean keep = kept.containsKey(tensor);
    workers.forEach(
        blocks.length,
        block -> {
          int first = block * blockRows;
          PanelMatrix panels = blocks[block];
          if (panels == null) {
            panels = read(tensor, first, Math.min(blockRows, tensor.rows() - first));
            if (keep) {
              blocks[block] = panels;
            }
          }
          kernel.multiplyTransposed(
              inputs, count, panels, new MatrixSlice(outputs, first, tensor.rows()));
        });
  }

  /** What is kept of a tensor; its absent blocks are null. */
  private PanelMatrix[] blocks(TensorSpec tensor, int count) {
    PanelMatrix[] blocks = kept.get(tensor);
    if (blocks != null) {
      return blocks;
    }
    blocks = new PanelMatrix[count];
    if (seenWeights.addAndGet(tensor.weights()) <= KEPT) {
      kept.put(tensor, blocks);
    } else {
      kept.clear();
    }
    return blocks;
  }

  private PanelMatrix read(TensorSpec tensor, int first, int rows) {
    float[] values = new float[rows * tensor.cols()];
    weights.read(tensor, first, rows, values, 0);
    return PanelMatrix.of(MatrixSlice.of(values, tensor.cols()), rows, tensor.cols());
  }

  /**
   * The product with a matrix itself, not its transpose: takes gradients back.
   *
   * @param gradients {@code count x tensor.rows()}, more may follow
   * @return {@code count x tensor.cols()}
   */
  float[] back(TensorSpec tensor, float[] gradients, int count) {
    int rows = tensor.rows();
    int cols = tensor.cols();
    float[] values = new float[Math.multiplyExact(rows, cols)];
    int blockRows = Math.max(1, BLOCK_WEIGHTS / cols);
    workers.forEach(
        (rows + blockRows - 1) / blockRows,
        block -> {
          int first = block * blockRows;
          weights.read(tensor, first, Math.min(blockRows, rows - first), values, first * cols);
        });
    float[] result = new float[Math.multiplyExact(count, cols)];
    workers.forEach(
        (cols + BLOCK_ROWS - 1) / BLOCK_ROWS,
        stripe -> {
          int first = stripe * BLOCK_ROWS;
          MatrixSlice columns = new MatrixSlice(values, first, cols);
          kernel.multiplyTransposed(
              MatrixSlice.of(gradients, rows),
              count,
              PanelMatrix.ofTransposed(columns, Math.min(BLOCK_ROWS, cols - first), rows),
              new MatrixSlice(result, first, cols));
        });
    return result;
  }
}
