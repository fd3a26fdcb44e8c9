package dev.facet.kernel.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimesTest {
  @Test
  void readsAndWritesWhatInstantDoes() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      Instant at = Instant.ofEpochMilli((long) (random.nextDouble() * 2e14) - (long) 2e13);

      String text = UtcTimes.format(at);

      assertThat(Instant.parse(text)).isEqualTo(at);
      assertThat(UtcTimes.parse(text)).isEqualTo(at);
      assertThat(UtcTimes.parse(at.toString())).isEqualTo(at);
    }
  }

  @Test
  void keepsWhatIsFinerThanAMillisecond() {
    Instant at = Instant.parse("2026-11-24T09:00:00.123456789Z");

    assertThat(UtcTimes.parse(UtcTimes.format(at))).isEqualTo(at);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-02-30T09:00:00.123Z",
        "2026-13-01T09:00:00.123Z",
        "2026-11-24T25:00:00.123Z",
        "2026-11-24T09:60:00.123Z",
        "2026-11-24 09:00:00.123Z",
        "2026-11-24T09:00:00.123"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> UtcTimes.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
