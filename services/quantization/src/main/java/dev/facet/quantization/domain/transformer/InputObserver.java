package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.TensorSpec;

/** Sees what each linear layer is given, for calibration. */
@FunctionalInterface
public interface InputObserver {
  /** Sees nothing. */
  InputObserver NONE = (tensor, inputs, count) -> {};

  /**
   * @param inputs {@code count x tensor.cols()}, not to be changed or kept
   */
  void observe(TensorSpec tensor, float[] inputs, int count);
}
