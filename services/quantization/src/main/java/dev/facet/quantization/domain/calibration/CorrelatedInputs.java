package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Workers;
import java.util.SplittableRandom;

/**
 * Layers as calibration meets them: correlated inputs of very different sizes, Gaussian weights.
 */
final class CorrelatedInputs {
  private CorrelatedInputs() {}

  /**
   * @return {@code tokens x size} activations; each depends on its neighbour to the left
   */
  static float[] tokens(int tokens, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] spread = new float[size];
    for (int i = 0; i < size; i++) {
      spread[i] = (float) Math.exp(gaussian(random));
    }
    float[] inputs = new float[tokens * size];
    for (int t = 0; t < tokens; t++) {
      double state = 0;
      for (int i = 0; i < size; i++) {
        state = 0.8 * state + gaussian(random);
        inputs[t * size + i] = (float) (state * spread[i]);
      }
    }
    return inputs;
  }

  static Hessian hessian(int size, long seed) {
    Hessian hessian = new Hessian(size);
    hessian.add(
        tokens(3 * size, size, seed), 3 * size, new ScalarFeedbackKernel(), Workers.caller());
    return hessian;
  }

  static float[] weights(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) (0.02 * gaussian(random));
    }
    return weights;
  }

  /** Sum of twelve uniform numbers: near enough, and the same on every JDK. */
  private static double gaussian(SplittableRandom random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }
}
