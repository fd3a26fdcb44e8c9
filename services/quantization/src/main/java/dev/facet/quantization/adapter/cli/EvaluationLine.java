package dev.facet.quantization.adapter.cli;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.evaluation.Evaluation;

/** What {@code evaluate --json} prints: one object. */
record EvaluationLine(
    String model,
    double bitsPerWeight,
    double bodyBitsPerWeight,
    long bytes,
    int tokens,
    double perplexity,
    double baselinePerplexity,
    double meanKl,
    double p99Kl,
    double top1Agreement) {

  static EvaluationLine of(String model, Point point, Evaluation found) {
    return new EvaluationLine(
        model,
        point.bitsPerWeight(),
        point.bodyBits(),
        point.bytes(),
        found.tokens(),
        found.perplexity(),
        found.baselinePerplexity(),
        found.meanKl(),
        found.p99Kl(),
        found.top1Agreement());
  }

  /** The same for people. */
  String text() {
    return """
        model                %s
        bits per weight      %.3f (body %.3f), %,d bytes
        tokens scored        %,d
        perplexity           %.4f (full precision %.4f)
        KL, mean / p99       %.5f / %.5f nats
        same most likely     %.2f %%
        """
        .formatted(
            model,
            bitsPerWeight,
            bodyBitsPerWeight,
            bytes,
            tokens,
            perplexity,
            baselinePerplexity,
            meanKl,
            p99Kl,
            100 * top1Agreement);
  }
}
