package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import java.util.List;

/** Sees, on the way back through a model, what its tensors were given and how much they matter. */
public interface GradientObserver {
  /**
   * Linear layers that share their inputs and their precision.
   *
   * @param tensors in execution order
   * @param inputs {@code count x cols}
   * @param gradients of the loss by each tensor's outputs, {@code count x rows}
   */
  void linear(List<TensorSpec> tensors, float[] inputs, List<float[]> gradients, int count);

  /**
   * The matrix that logits are made with.
   *
   * @param inputs {@code count x cols}
   * @param doubt of each token: the squared gradient by all logits, expected over next tokens
   * @param shares of each row in that sum, over all tokens; adds up to the sum of {@code doubt}
   */
  void head(TensorSpec tensor, float[] inputs, float[] doubt, double[] shares, int count);

  /**
   * The table that tokens are looked up in.
   *
   * @param gradients by the vectors looked up, {@code count x cols}
   */
  void embedding(TensorSpec tensor, int[] tokens, float[] gradients);
}
