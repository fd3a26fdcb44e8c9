package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.kernel.ladder.RopeScaling;

/**
 * Rotary position embedding: element {@code i} of the first half of a head turns with element
 * {@code i} of the second. Frequencies and angles are rounded to float32 as the reference
 * implementation does.
 */
final class RotaryPositions {
  private final int headDim;
  private final int half;
  private final float[] cosines;
  private final float[] sines;

  private RotaryPositions(int headDim, float[] frequencies, float amplitude, int positions) {
    this.headDim = headDim;
    half = headDim / 2;
    cosines = new float[positions * half];
    sines = new float[positions * half];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        float size = frequencies[i] == 0 ? 1 : amplitude;
        cosines[position * half + i] = size * (float) StrictMath.cos(angle);
        sines[position * half + i] = size * (float) StrictMath.sin(angle);
      }
    }
  }

  /** Those of layers whose tokens see all before them. */
  static RotaryPositions of(ArchitectureConfig config, int positions) {
    RopeScaling scaling = config.ropeScaling();
    float[] frequencies = frequencies(config, config.ropeTheta());
    for (int i = 0; scaling != null && i < frequencies.length; i++) {
      frequencies[i] = scaled(frequencies[i], i, scaling, positions);
    }
    float amplitude =
        scaling == null || scaling.amplitude() == null ? 1 : scaling.amplitude().floatValue();
    return new RotaryPositions(config.headDim(), frequencies, amplitude, positions);
  }

  /** Those of layers with a window. */
  static RotaryPositions ofWindows(ArchitectureConfig config, int positions) {
    Double theta = config.traits().windowRopeTheta();
    return theta == null
        ? of(config, positions)
        : new RotaryPositions(config.headDim(), frequencies(config, theta), 1, positions);
  }

  /** Of each pair of elements; 0 for those that do not turn. */
  private static float[] frequencies(ArchitectureConfig config, double theta) {
    DecoderTraits traits = config.traits();
    int turned = traits.rotaryDims() == null ? config.headDim() : traits.rotaryDims();
    float[] frequencies = new float[config.headDim() / 2];
    for (int i = 0; i < turned / 2; i++) {
      frequencies[i] = (float) (1 / StrictMath.pow(theta, 2.0 * i / turned));
    }
    return frequencies;
  }

  private static float scaled(float frequency, int i, RopeScaling scaling, int positions) {
    if (frequency == 0) {
      return 0;
    }
    return switch (scaling.type()) {
      case RopeScaling.LLAMA3 -> llama3(frequency, scaling);
      case RopeScaling.LINEAR -> (float) (frequency / scaling.factor());
      case RopeScaling.LONGROPE -> {
        boolean within = positions <= scaling.originalContextLength();
        yield (float)
            (frequency / (within ? scaling.shortFactors() : scaling.longFactors()).get(i));
      }
      default -> throw new IllegalArgumentException("no stretching is named " + scaling.type());
    };
  }

  /** Slows wavelengths beyond the trained context by the factor, and blends in between. */
  private static float llama3(float frequency, RopeScaling scaling) {
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

  /** Turns all heads of a token, the first of which starts at {@code offset}, to its position. */
  void rotate(float[] vectors, int offset, int heads, int position) {
    for (int head = 0; head < heads; head++) {
      turn(vectors, offset + head * headDim, position, 1);
    }
  }

  /** The way back of {@link #rotate(float[], int, int, int)} for gradients. */
  void turnBack(float[] vectors, int offset, int heads, int position) {
    for (int head = 0; head < heads; head++) {
      turn(vectors, offset + head * headDim, position, -1);
    }
  }

  private void turn(float[] vector, int offset, int position, float direction) {
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
