package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.Hessian.PANEL;

import dev.facet.quantization.domain.kernel.Workers;
import java.util.stream.IntStream;

/**
 * How a rounding error is passed on: the unit upper triangular R of {@code P (H + damping I) P^T =
 * R D R^T}, where P orders the columns by descending diagonal. With errors E, {@code tr(E H E^T)}
 * is the sum over columns of {@code D_j ((E R)_j)^2}, so the best target of column j, once the
 * columns before it are rounded, is {@code w_j} plus the sum over i &lt; j of {@code E_i R_ij}.
 * That is GPTQ's update (Frantar et al., arXiv 2210.17323) in the form of QuIP (Chee et al., arXiv
 * 2307.13304), which needs no inverse of H.
 */
final class FeedbackFactor {
  /** Columns whose errors are passed on to the columns behind them in one step. */
  static final int BLOCK = 128;

  private static final double DAMPING = 0.01;
  private static final int ATTEMPTS = 5;

  private final int size;
  private final int[] order;
  private final double damping;

  /** For each block of rows: panels of 32 columns from the block's own columns on. */
  private final float[][] blocks;

  private FeedbackFactor(int size, int[] order, double damping, float[][] blocks) {
    this.size = size;
    this.order = order;
    this.damping = damping;
    this.blocks = blocks;
  }

  /**
   * Damps by a hundredth of the mean diagonal, and by ten times as much after each failure.
   *
   * @throws IllegalArgumentException if the Hessian is not finite
   */
  static FeedbackFactor of(Hessian hessian, FeedbackKernel kernel, Workers workers) {
    double[] diagonal = hessian.diagonal();
    int[] order = descending(diagonal);
    double damping = DAMPING * mean(diagonal);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++, damping *= 10) {
      double[] work = reversed(hessian, order, damping, workers);
      if (UpperCholesky.factorize(work, order.length, kernel, workers)) {
        return new FeedbackFactor(order.length, order, damping, pack(work, order.length, workers));
      }
    }
    throw new IllegalArgumentException(
        "the Hessian of %d inputs is not finite".formatted(order.length));
  }

  /** The mean of a diagonal; 1 for a layer whose inputs were all 0. */
  private static double mean(double[] diagonal) {
    double sum = 0;
    for (double value : diagonal) {
      sum += value;
    }
    return sum > 0 ? sum / diagonal.length : 1;
  }

  private static int[] descending(double[] diagonal) {
    return IntStream.range(0, diagonal.length)
        .boxed()
        .sorted((i, j) -> Double.compare(diagonal[j], diagonal[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The damped Hessian with the last column first, which makes its R D R^T a Cholesky factor. */
  private static double[] reversed(Hessian hessian, int[] order, double damping, Workers workers) {
    int size = order.length;
    double[] work = new double[Math.multiplyExact(size, size)];
    workers.forEach(
        size,
        i -> {
          for (int j = i; j < size; j++) {
            work[i * size + j] = hessian.at(order[size - 1 - i], order[size - 1 - j]);
          }
          work[i * size + i] += damping;
        });
    return work;
  }

  private static float[][] pack(double[] factor, int size, Workers workers) {
    float[][] blocks = new float[(size + BLOCK - 1) / BLOCK][];
    workers.forEach(blocks.length, b -> blocks[b] = packBlock(factor, size, b * BLOCK));
    return blocks;
  }

  private static float[] packBlock(double[] factor, int size, int first) {
    int rows = Math.min(BLOCK, size - first);
    int panels = (size - first + PANEL - 1) / PANEL;
    float[] block = new float[panels * rows * PANEL];
    for (int j = first; j < size; j++) {
      int from = (size - 1 - j) * size;
      double pivot = factor[from + size - 1 - j];
      int to = (j - first) / PANEL * rows * PANEL + (j - first) % PANEL;
      for (int i = 0; i < rows && first + i < j; i++) {
        block[to + i * PANEL] = (float) (factor[from + size - 1 - first - i] / pivot);
      }
    }
    return block;
  }

  int size() {
    return size;
  }

  /** What was added to the diagonal. */
  double damping() {
    return damping;
  }

  /** The column that is rounded {@code i}-th. */
  int column(int i) {
    return order[i];
  }

  /**
   * Coefficients from the block of rows that begins at {@code first} to 32 columns; fewer at the
   * right edge.
   *
   * @param firstColumn the first of the columns, a multiple of 32 from {@code first} on
   */
  FloatBlock panel(int first, int firstColumn) {
    int rows = Math.min(BLOCK, size - first);
    int offset = (firstColumn - first) / PANEL * rows * PANEL;
    int cols = Math.min(PANEL, size - firstColumn);
    return new FloatBlock(blocks[first / BLOCK], offset, PANEL, rows, cols);
  }
}
