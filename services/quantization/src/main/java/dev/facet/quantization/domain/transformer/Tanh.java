package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.kernel.Exponential;

/** The hyperbolic tangent in float32, the same bits on every JDK; within 2e-7. */
final class Tanh {
  private Tanh() {}

  static float tanh(float x) {
    return 1 - 2 / (Exponential.exp(2 * x) + 1);
  }
}
