package dev.facet.quantization.domain.evaluation;

import dev.facet.kernel.ladder.Quality;
import java.util.Arrays;

/**
 * A quantized model measured against the full-precision one.
 *
 * @param tokens tokens scored
 * @param p99Kl 99th percentile of the divergence, nats
 * @param maxKl greatest divergence at one token, nats
 * @param top1Agreement share of tokens with the same most likely token
 */
public record Evaluation(
    int tokens,
    double perplexity,
    double baselinePerplexity,
    double meanKl,
    double p99Kl,
    double maxKl,
    double top1Agreement) {

  public Quality quality() {
    return new Quality(perplexity, baselinePerplexity, meanKl, p99Kl, maxKl, top1Agreement);
  }

  static Evaluation of(Divergence[] tokens) {
    double baselineLoss = 0;
    double loss = 0;
    double kl = 0;
    int same = 0;
    for (Divergence token : tokens) {
      baselineLoss += token.baselineLoss();
      loss += token.loss();
      kl += token.kl();
      same += token.sameTop() ? 1 : 0;
    }
    double[] sorted = Arrays.stream(tokens).mapToDouble(Divergence::kl).sorted().toArray();
    int count = tokens.length;
    return new Evaluation(
        count,
        Math.exp(loss / count),
        Math.exp(baselineLoss / count),
        kl / count,
        sorted[(int) Math.ceil(0.99 * count) - 1],
        sorted[count - 1],
        (double) same / count);
  }
}
