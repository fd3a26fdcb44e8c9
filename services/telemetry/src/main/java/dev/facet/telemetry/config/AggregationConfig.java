package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How measurements are gathered and how long they are kept. */
@ConfigMapping(prefix = "facet.aggregation")
public interface AggregationConfig {
  /** Length of a window; a session votes once in each. */
  @WithDefault("10m")
  Duration window();

  /** How long aggregates and votes are kept. */
  @WithDefault("7d")
  Duration retention();

  /**
   * How long event ids are remembered; longer than Kafka keeps client metrics, so that nothing read
   * again counts again.
   */
  @WithDefault("8d")
  Duration remember();
}
