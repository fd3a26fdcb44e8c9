package dev.facet.telemetry.domain.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockCorrectionTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-23T10:00:00Z");

  @Test
  void keepsTheDistanceToSendingWhateverTheBrowsersYear() {
    Instant sent = Instant.parse("2001-01-01T00:00:30Z");

    Instant at = new ClockCorrection(RECEIVED, sent).at(sent.minusSeconds(12));

    assertThat(at).isEqualTo(RECEIVED.minusSeconds(12));
  }

  @Test
  void nothingHappensAfterReceipt() {
    assertThat(new ClockCorrection(RECEIVED, RECEIVED).at(RECEIVED.plusSeconds(5)))
        .isEqualTo(RECEIVED);
  }

  @Test
  void nothingReachesFurtherBackThanADay() {
    assertThat(new ClockCorrection(RECEIVED, RECEIVED).at(RECEIVED.minus(Duration.ofDays(400))))
        .isEqualTo(RECEIVED.minus(ClockCorrection.REACH));
  }

  @Test
  void extremeTimesAreHarmless() {
    assertThat(new ClockCorrection(RECEIVED, Instant.MAX).at(Instant.MIN))
        .isEqualTo(RECEIVED.minus(ClockCorrection.REACH));
    assertThat(new ClockCorrection(RECEIVED, Instant.MIN).at(Instant.MAX)).isEqualTo(RECEIVED);
  }
}
