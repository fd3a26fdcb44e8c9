package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.quantization.domain.kernel.Exponential;

/** What a gate goes through before it is multiplied in, and the slope of that. */
enum GateActivation {
  SILU {
    @Override
    float apply(float x) {
      return x / (1 + Exponential.exp(-x));
    }

    @Override
    float slope(float x) {
      float sigmoid = 1 / (1 + Exponential.exp(-x));
      return sigmoid * (1 + x * (1 - sigmoid));
    }
  },
  /**
   * The Gaussian error linear unit, approximated by tanh as most models that use it were trained.
   */
  GELU_TANH {
    @Override
    float apply(float x) {
      return 0.5f * x * (1 + Tanh.tanh(inner(x)));
    }

    @Override
    float slope(float x) {
      float t = Tanh.tanh(inner(x));
      return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * SCALE * (1 + 3 * CUBIC * x * x);
    }

    private float inner(float x) {
      return SCALE * (x + CUBIC * x * x * x);
    }
  };

  /** The root of 2 / pi. */
  private static final float SCALE = 0.79788456f;

  private static final float CUBIC = 0.044715f;

  abstract float apply(float x);

  abstract float slope(float x);

  /**
   * @throws IllegalArgumentException for a name that descriptions do not have
   */
  static GateActivation named(String name) {
    return switch (name) {
      case DecoderTraits.SILU -> SILU;
      case DecoderTraits.GELU_TANH -> GELU_TANH;
      default -> throw new IllegalArgumentException("no activation is named " + name);
    };
  }
}
