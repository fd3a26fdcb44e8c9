package dev.facet.quantization.domain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DivergenceTest {
  @Test
  void equalPredictionsDoNotDiverge() {
    // Given
    float[] logits = {9, 1, 2, 3, 700};

    // When
    Divergence found = Divergence.of(logits, logits, 1, 4, 2);

    // Then
    assertThat(found.kl()).isZero();
    assertThat(found.sameTop()).isTrue();
    assertThat(found.loss()).isEqualTo(found.baselineLoss()).isCloseTo(697, within(1e-9));
  }

  @Test
  void divergenceIsTakenFromFullPrecisionToQuantized() {
    // Given
    float[] baseline = {(float) Math.log(0.9), (float) Math.log(0.1)};
    float[] quantized = {(float) Math.log(0.25) + 5, (float) Math.log(0.75) + 5};

    // When
    Divergence found = Divergence.of(baseline, quantized, 0, 2, 1);

    // Then
    double expected = 0.9 * Math.log(0.9 / 0.25) + 0.1 * Math.log(0.1 / 0.75);
    assertThat(found.kl()).isCloseTo(expected, within(1e-6));
    assertThat(found.baselineLoss()).isCloseTo(-Math.log(0.1), within(1e-6));
    assertThat(found.loss()).isCloseTo(-Math.log(0.75), within(1e-6));
    assertThat(found.sameTop()).isFalse();
  }

  @Test
  void summaryTakesMeansAndPercentiles() {
    // Given
    Divergence[] tokens = new Divergence[200];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = new Divergence(1, 2, 199 - i, i % 4 == 0);
    }

    // When
    Evaluation found = Evaluation.of(tokens);

    // Then
    assertThat(found.tokens()).isEqualTo(200);
    assertThat(found.baselinePerplexity()).isCloseTo(Math.E, within(1e-12));
    assertThat(found.perplexity()).isCloseTo(Math.E * Math.E, within(1e-12));
    assertThat(found.meanKl()).isEqualTo(99.5);
    assertThat(found.p99Kl()).isEqualTo(197);
    assertThat(found.maxKl()).isEqualTo(199);
    assertThat(found.top1Agreement()).isEqualTo(0.25);
  }
}
