package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.quantization.domain.kernel.Exponential;

/** What an encoder's feed-forward puts between its two linear layers. */
enum EncoderActivation {
  GELU {
    @Override
    float apply(float x) {
      return 0.5f * x * (1 + erf(x * ROOT_HALF));
    }
  },
  GELU_TANH {
    @Override
    float apply(float x) {
      return GateActivation.GELU_TANH.apply(x);
    }
  },
  QUICK_GELU {
    @Override
    float apply(float x) {
      return x / (1 + Exponential.exp(-1.702f * x));
    }
  };

  private static final float ROOT_HALF = 0.70710678f;

  abstract float apply(float x);

  /**
   * @throws IllegalArgumentException for a name that descriptions do not have
   */
  static EncoderActivation named(String name) {
    return switch (name) {
      case EncoderShape.GELU -> GELU;
      case EncoderShape.GELU_TANH -> GELU_TANH;
      case EncoderShape.QUICK_GELU -> QUICK_GELU;
      default -> throw new IllegalArgumentException("no activation is named " + name);
    };
  }

  /** The error function to within 2e-7: Abramowitz and Stegun 7.1.26. */
  private static float erf(float x) {
    float size = Math.abs(x);
    float t = 1 / (1 + 0.3275911f * size);
    float sum = Math.fma(t, 1.061405429f, -1.453152027f);
    sum = Math.fma(t, sum, 1.421413741f);
    sum = Math.fma(t, sum, -0.284496736f);
    sum = Math.fma(t, sum, 0.254829592f);
    float value = 1 - sum * t * Exponential.exp(-size * size);
    return x < 0 ? -value : value;
  }
}
