package dev.facet.quantization.domain.evaluation;

import dev.facet.quantization.domain.kernel.Exponential;

/**
 * Two predictions of one token, compared.
 *
 * @param baselineLoss minus log of the token's probability at full precision, nats
 * @param loss the same of the quantized model
 * @param kl divergence of the full-precision distribution to the quantized one, nats
 * @param sameTop whether both find the same token most likely
 */
record Divergence(double baselineLoss, double loss, double kl, boolean sameTop) {

  /**
   * @param baseline logits at full precision, {@code vocabulary} values from {@code from} on
   * @param quantized logits of the quantized model at the same place
   * @param next the token that follows
   */
  static Divergence of(float[] baseline, float[] quantized, int from, int vocabulary, int next) {
    int top = top(baseline, from, vocabulary);
    int quantizedTop = top(quantized, from, vocabulary);
    double largest = baseline[from + top];
    double quantizedLargest = quantized[from + quantizedTop];
    double sum = 0;
    double quantizedSum = 0;
    double difference = 0;
    for (int i = from; i < from + vocabulary; i++) {
      double share = Exponential.exp((float) (baseline[i] - largest));
      sum += share;
      difference += share * ((double) baseline[i] - quantized[i]);
      quantizedSum += Exponential.exp((float) (quantized[i] - quantizedLargest));
    }
    double normalizer = largest + Math.log(sum);
    double quantizedNormalizer = quantizedLargest + Math.log(quantizedSum);
    return new Divergence(
        normalizer - baseline[from + next],
        quantizedNormalizer - quantized[from + next],
        Math.max(0, difference / sum - normalizer + quantizedNormalizer),
        top == quantizedTop);
  }

  private static int top(float[] logits, int from, int vocabulary) {
    int top = 0;
    for (int i = 1; i < vocabulary; i++) {
      if (logits[from + i] > logits[from + top]) {
        top = i;
      }
    }
    return top;
  }
}
