package dev.facet.telemetry.domain.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Evidence.of(votes(4), 10)).isEqualTo(new Evidence(4, 1.5, 3, "full-4"));
  }

  @Test
  void the95thPercentileIsTheNearestRank() {
    assertThat(Evidence.of(votes(100), 100).p95MsPerToken()).isEqualTo(94);
    assertThat(Evidence.of(votes(1), 100).p95MsPerToken()).isZero();
  }

  @Test
  void onlyTheNewestCount() {
    assertThat(Evidence.of(votes(100), 3)).isEqualTo(new Evidence(3, 98, 99, "full-4"));
  }

  /** Vote i says i ms and is i seconds younger than the first. */
  private static List<Vote> votes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Vote("s" + i, "full-4", i, Instant.ofEpochSecond(i)))
        .toList();
  }
}
