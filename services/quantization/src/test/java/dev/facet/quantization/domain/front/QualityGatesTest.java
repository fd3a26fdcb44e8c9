package dev.facet.quantization.domain.front;

import static dev.facet.quantization.domain.front.QualityGates.judge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.ladder.Quality;
import dev.facet.quantization.domain.front.QualityGates.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityGatesTest {
  private static Quality quality(double meanKl, double top1, double growth) {
    return new Quality(10 * (1 + growth), 10, meanKl, meanKl * 10, meanKl * 50, top1);
  }

  @ParameterizedTest
  @CsvSource({
    // body bits, mean KL, same top-1, growth of perplexity
    "8.25, 0.001, 0.99, 0.001, GOOD",
    "8.25, 0.02, 0.94, 0.01, DEGRADED",
    "4.25, 0.01, 0.95, 0.005, GOOD",
    "4.25, 0.08, 0.88, 0.05, DEGRADED",
    "3.25, 0.06, 0.89, 0.03, GOOD",
    "2.75, 0.10, 0.86, 0.08, GOOD",
    "2.25, 0.30, 0.77, 0.18, DEGRADED",
    "2.25, 0.50, 0.77, 0.18, REFUSED",
    "2.25, 0.30, 0.70, 0.18, REFUSED",
    "2.25, 0.30, 0.77, 0.50, REFUSED",
    "4.25, 0.60, 0.60, 0.90, REFUSED",
  })
  void holdsAPointToTheGateOfItsBits(
      double bits, double meanKl, double top1, double growth, Verdict verdict) {
    assertThat(judge(bits, quality(meanKl, top1, growth))).isEqualTo(verdict);
  }
}
