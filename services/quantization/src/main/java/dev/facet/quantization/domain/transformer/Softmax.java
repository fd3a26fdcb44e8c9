package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.kernel.Exponential;

/** Turns scores to shares that add up to 1. */
final class Softmax {
  private Softmax() {}

  /**
   * @param scores replaced from {@code from} up to {@code end}
   * @param scale what the scores are multiplied by first
   * @param softcap bound of the scores so multiplied, by tanh; 0 for none
   */
  static void apply(float[] scores, int from, int end, float scale, float softcap) {
    if (softcap > 0) {
      cap(scores, from, end, scale, softcap);
    }
    float factor = softcap > 0 ? 1 : scale;
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = from; i < end; i++) {
      largest = Math.max(largest, scores[i]);
    }
    float sum = 0;
    for (int i = from; i < end; i++) {
      scores[i] = Exponential.exp((scores[i] - largest) * factor);
      sum += scores[i];
    }
    float share = 1 / sum;
    for (int i = from; i < end; i++) {
      scores[i] *= share;
    }
  }

  /** Scales and bounds. */
  static void cap(float[] scores, int from, int end, float scale, float softcap) {
    for (int i = from; i < end; i++) {
      scores[i] = softcap * Tanh.tanh(scores[i] * scale / softcap);
    }
  }
}
