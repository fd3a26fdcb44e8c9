package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Workers;

/**
 * Blocked, right-looking Cholesky factorization {@code A = U^T U} in float64. Every element is
 * updated in the order of the pivots, whatever the tiles and threads.
 */
final class UpperCholesky {
  private static final int BLOCK = 64;
  private static final int PANEL = 32;

  private final double[] a;
  private final int size;
  private final FeedbackKernel kernel;
  private final Workers workers;

  private UpperCholesky(double[] a, int size, FeedbackKernel kernel, Workers workers) {
    this.a = a;
    this.size = size;
    this.kernel = kernel;
    this.workers = workers;
  }

  /**
   * Replaces the upper triangle of {@code a} by its factor; the lower triangle is not read, and
   * holds no meaning afterwards.
   *
   * @param a {@code size x size}, row-major
   * @return whether {@code a} is positive definite; if not, it is left half done
   */
  static boolean factorize(double[] a, int size, FeedbackKernel kernel, Workers workers) {
    UpperCholesky cholesky = new UpperCholesky(a, size, kernel, workers);
    for (int first = 0; first < size; first += BLOCK) {
      int end = Math.min(first + BLOCK, size);
      if (!cholesky.factorizeDiagonal(first, end)) {
        return false;
      }
      cholesky.eliminate(first, end);
    }
    return true;
  }

  private boolean factorizeDiagonal(int first, int end) {
    for (int i = first; i < end; i++) {
      subtractEarlier(first, i, i, end);
      double pivot = a[i * size + i];
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        return false;
      }
      divide(i, i, end, Math.sqrt(pivot));
    }
    return true;
  }

  /** Takes rows {@code first..row-1} from columns {@code from..to-1} of a row. */
  private void subtractEarlier(int first, int row, int from, int to) {
    for (int p = first; p < row; p++) {
      double factor = a[p * size + row];
      for (int j = from; j < to; j++) {
        a[row * size + j] -= factor * a[p * size + j];
      }
    }
  }

  private void divide(int row, int from, int to, double divisor) {
    for (int j = from; j < to; j++) {
      a[row * size + j] /= divisor;
    }
  }

  /** Solves for the rows right of a diagonal block and takes their product from what is below. */
  private void eliminate(int first, int end) {
    int panels = (size - end + PANEL - 1) / PANEL;
    double[] solved = new double[panels * BLOCK * PANEL];
    workers.forEach(panels, p -> solve(first, end, end + p * PANEL, solved, p));
    workers.forEach(panels, task -> update(first, end, solved, panels - 1 - task));
  }

  private void solve(int first, int end, int from, double[] solved, int panel) {
    int to = Math.min(from + PANEL, size);
    for (int i = first; i < end; i++) {
      subtractEarlier(first, i, from, to);
      divide(i, from, to, a[i * size + i]);
      System.arraycopy(a, i * size + from, solved, (panel * BLOCK + i - first) * PANEL, to - from);
    }
  }

  private void update(int first, int end, double[] solved, int right) {
    for (int upper = 0; upper <= right; upper++) {
      DoubleBlock above = panel(solved, upper, end - first, end);
      DoubleBlock beside = panel(solved, right, end - first, end);
      int offset = (end + upper * PANEL) * size + end + right * PANEL;
      kernel.subtractProduct(
          above, beside, new DoubleBlock(a, offset, size, above.cols(), beside.cols()));
    }
  }

  private DoubleBlock panel(double[] solved, int panel, int depth, int end) {
    int width = Math.min(PANEL, size - end - panel * PANEL);
    return new DoubleBlock(solved, panel * BLOCK * PANEL, PANEL, depth, width);
  }
}
