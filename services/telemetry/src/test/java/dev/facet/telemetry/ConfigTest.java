package dev.facet.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.telemetry.config.AggregationConfig;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.config.LiveConfig;
import dev.facet.telemetry.config.TunerConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  @Test
  void ingestTakesWhatTheWireFormatPromises() {
    IngestConfig config = TestConfigs.of(IngestConfig.class, Map.of());

    assertThat(config.maxBytes()).isEqualTo(48 * 1024);
    assertThat(config.maxEvents()).isEqualTo(50);
    assertThat(config.eventsPerSecond()).isEqualTo(10);
    assertThat(config.burst()).isEqualTo(200);
    assertThat(config.ackTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.maxWaiting()).isEqualTo(512);
  }

  @Test
  void tunerAimsAtATenthOfASecond() {
    TunerConfig config = TestConfigs.of(TunerConfig.class, Map.of());

    assertThat(config.targetMsPerToken()).isEqualTo(100);
    assertThat(config.minSessions()).isEqualTo(3);
    assertThat(config.recentSessions()).isEqualTo(20);
    assertThat(config.stepUpMargin()).isEqualTo(0.85);
    assertThat(config.maxMeanKl()).isEqualTo(0.2);
    assertThat(config.ladder()).isEqualTo("full");
    assertThat(config.memory()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void targetCanBeSet() {
    assertThat(
            TestConfigs.of(TunerConfig.class, Map.of("facet.tuner.target-ms-per-token", "12.5"))
                .targetMsPerToken())
        .isEqualTo(12.5);
  }

  /** Kafka keeps records for seven days unless told otherwise. */
  @Test
  void eventIdsOutliveTheTopic() {
    AggregationConfig config = TestConfigs.of(AggregationConfig.class, Map.of());

    assertThat(config.remember()).isGreaterThan(Duration.ofDays(7));
    assertThat(config.window()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void liveFeedIsBounded() {
    LiveConfig config = TestConfigs.of(LiveConfig.class, Map.of());

    assertThat(config.buffer()).isEqualTo(256);
    assertThat(config.maxViewers()).isEqualTo(64);
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(15));
  }
}
