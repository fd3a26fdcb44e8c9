package dev.facet.quantization.domain.transformer;

import dev.facet.quantization.domain.kernel.Workers;

/**
 * Vectors divided by their root mean square and multiplied by gains, and the way back through that.
 */
final class RmsNorm {
  private final double epsilon;
  private final Workers workers;

  RmsNorm(double epsilon, Workers workers) {
    this.epsilon = epsilon;
    this.workers = workers;
  }

  /**
   * @param vectors as long as {@code gains}, one after the other
   */
  float[] apply(float[] vectors, float[] gains) {
    int width = gains.length;
    float[] normed = new float[vectors.length];
    for (int from = 0; from < vectors.length; from += width) {
      float inverse = (float) inverse(vectors, from, width);
      for (int i = 0; i < width; i++) {
        normed[from + i] = gains[i] * (vectors[from + i] * inverse);
      }
    }
    return normed;
  }

  /**
   * Adds the gradient by what was normed, given that by the result.
   *
   * @param vectors that were normed
   */
  void addGradient(float[] gains, float[] vectors, float[] byResult, float[] gradient) {
    int width = gains.length;
    workers.forEach(
        vectors.length / width,
        t -> {
          int from = t * width;
          double dot = 0;
          for (int i = 0; i < width; i++) {
            dot += (double) vectors[from + i] * gains[i] * byResult[from + i];
          }
          double inverse = inverse(vectors, from, width);
          double along = dot * inverse * inverse * inverse / width;
          for (int i = 0; i < width; i++) {
            gradient[from + i] +=
                (float) (inverse * gains[i] * byResult[from + i] - along * vectors[from + i]);
          }
        });
  }

  private double inverse(float[] vectors, int from, int width) {
    double square = 0;
    for (int i = from; i < from + width; i++) {
      square += (double) vectors[i] * vectors[i];
    }
    return 1 / Math.sqrt(square / width + epsilon);
  }
}
