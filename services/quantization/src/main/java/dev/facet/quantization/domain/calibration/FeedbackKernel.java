package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Kernels;

/**
 * Inner loops of calibration. Every implementation returns the same bits as {@link
 * ScalarFeedbackKernel} on every JDK: each element is summed on its own, in the order of the inner
 * index, by fused multiply-adds, which round once by definition. The shape of tiles and the width
 * of vectors therefore do not show in a result.
 */
sealed interface FeedbackKernel permits ScalarFeedbackKernel, VectorFeedbackKernel {

  /**
   * The fastest kernel of this JVM: with vectors wherever the module is present, JDK 17 included.
   */
  static FeedbackKernel create() {
    return Kernels.vectorModulePresent() ? new VectorFeedbackKernel() : new ScalarFeedbackKernel();
  }

  /**
   * {@code c += a^T b}. Callers keep the three blocks within the first-level cache.
   *
   * @param a {@code depth x c.rows}
   * @param b {@code depth x c.cols}
   */
  void addProduct(FloatBlock a, FloatBlock b, FloatBlock c);

  /**
   * {@code c -= a^T b}.
   *
   * @param a {@code depth x c.rows}
   * @param b {@code depth x c.cols}
   */
  void subtractProduct(DoubleBlock a, DoubleBlock b, DoubleBlock c);

  /** Rounds one column of a tile of rows to its cells and decodes them. */
  void round(LaneColumn column, int anchor);
}
