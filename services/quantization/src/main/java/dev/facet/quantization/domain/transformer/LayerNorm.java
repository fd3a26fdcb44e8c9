package dev.facet.quantization.domain.transformer;

/** Vectors brought to mean 0 and variance 1, then multiplied by gains and shifted by biases. */
final class LayerNorm {
  private LayerNorm() {}

  /**
   * @param vectors as long as {@code gains}, one after the other
   */
  static float[] apply(float[] vectors, float[] gains, float[] biases, double epsilon) {
    int width = gains.length;
    float[] normed = new float[vectors.length];
    for (int from = 0; from < vectors.length; from += width) {
      double sum = 0;
      double square = 0;
      for (int i = from; i < from + width; i++) {
        sum += vectors[i];
      }
      double mean = sum / width;
      for (int i = from; i < from + width; i++) {
        square += (vectors[i] - mean) * (vectors[i] - mean);
      }
      double inverse = 1 / Math.sqrt(square / width + epsilon);
      for (int i = 0; i < width; i++) {
        normed[from + i] = (float) ((vectors[from + i] - mean) * inverse) * gains[i] + biases[i];
      }
    }
    return normed;
  }
}
