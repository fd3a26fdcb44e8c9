package dev.facet.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void waitsLongerAfterEachFailureAndThenGivesUp() {
    // Given
    RestartPolicy policy = new RestartPolicy(3, Duration.ofMinutes(5));

    // When
    var first = policy.afterFailure(START);
    var second = policy.afterFailure(START.plusSeconds(10));
    var third = policy.afterFailure(START.plusSeconds(20));
    var fourth = policy.afterFailure(START.plusSeconds(30));

    // Then
    assertThat(first).contains(Duration.ofMillis(500));
    assertThat(second).contains(Duration.ofSeconds(1));
    assertThat(third).contains(Duration.ofSeconds(2));
    assertThat(fourth).isEmpty();
  }

  @Test
  void forgetsFailuresThatAreLongAgo() {
    // Given
    RestartPolicy policy = new RestartPolicy(2, Duration.ofMinutes(5));
    policy.afterFailure(START);
    policy.afterFailure(START.plusSeconds(1));

    // When
    var later = policy.afterFailure(START.plus(Duration.ofMinutes(6)));

    // Then
    assertThat(later).contains(Duration.ofMillis(500));
  }

  @Test
  void neverWaitsLongerThanTheLongestPause() {
    // Given
    RestartPolicy policy = new RestartPolicy(100, Duration.ofHours(1));

    // When
    Duration longest = Duration.ZERO;
    for (int i = 0; i < 60; i++) {
      longest = policy.afterFailure(START.plusSeconds(i)).orElseThrow();
    }

    // Then
    assertThat(longest).isEqualTo(Duration.ofSeconds(15));
  }
}
