package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.RopeScaling;

/**
 * Rotary position embedding: element {@code i} of the first half of a head turns with element
 * {@code i} of the second. Frequencies and angles are rounded to float32 as the reference
 * implementation does.
 */
final class RotaryPositions {
  private final int half;
  private final float[] cosines;
  private final float[] sines;

  RotaryPositions(ArchitectureConfig config, int positions) {
    half = config.headDim() / 2;
    cosines = new float[positions * half];
    sines = new float[positions * half];
    for (int i = 0; i < half; i++) {
      float frequency = frequency(config, i);
      for (int position = 0; position < positions; position++) {
        float angle = position * frequency;
        cosines[position * half + i] = (float) StrictMath.cos(angle);
        sines[position * half + i] = (float) StrictMath.sin(angle);
      }
    }
  }

  private static float frequency(ArchitectureConfig config, int i) {
    double exponent = 2.0 * i / config.headDim();
    float frequency = (float) (1 / StrictMath.pow(config.ropeTheta(), exponent));
    return config.ropeScaling() == null ? frequency : scaled(frequency, config.ropeScaling());
  }

  /** Slows wavelengths beyond the trained context by the factor, and blends in between. */
  private static float scaled(float frequency, RopeScaling scaling) {
    double turns = scaling.originalContextLength() * frequency / (2 * Math.PI);
    if (turns < scaling.lowFreqFactor()) {
      return (float) (frequency / scaling.factor());
    }
    if (turns > scaling.highFreqFactor()) {
      return frequency;
    }
    double blend =
        (turns - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
    return (float) ((1 - blend) * frequency / scaling.factor() + blend * frequency);
  }

  /** Turns the head that starts at {@code offset} to its position. */
  void rotate(float[] vector, int offset, int position) {
    rotate(vector, offset, position, 1);
  }

  /** Undoes {@link #rotate(float[], int, int)}; gradients go this way. */
  void turnBack(float[] vector, int offset, int position) {
    rotate(vector, offset, position, -1);
  }

  private void rotate(float[] vector, int offset, int position, float direction) {
    for (int i = 0; i < half; i++) {
      float cosine = cosines[position * half + i];
      float sine = direction * sines[position * half + i];
      float first = vector[offset + i];
      float second = vector[offset + half + i];
      vector[offset + i] = first * cosine - second * sine;
      vector[offset + half + i] = second * cosine + first * sine;
    }
  }
}
