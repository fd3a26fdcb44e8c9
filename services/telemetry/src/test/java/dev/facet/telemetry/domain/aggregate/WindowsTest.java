package dev.facet.telemetry.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  private final Windows windows = new Windows(Duration.ofMinutes(10));

  @Test
  void aWindowBeginsWithItsFirstInstant() {
    assertThat(windows.startOf(TEN)).isEqualTo(TEN);
    assertThat(windows.startOf(TEN.plusSeconds(600).minusNanos(1))).isEqualTo(TEN);
    assertThat(windows.startOf(TEN.plusSeconds(600))).isEqualTo(TEN.plusSeconds(600));
    assertThat(windows.startOf(Instant.ofEpochSecond(-1))).isEqualTo(Instant.ofEpochSecond(-600));
  }

  @Test
  void aWindowMustLast() {
    assertThatThrownBy(() -> new Windows(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
