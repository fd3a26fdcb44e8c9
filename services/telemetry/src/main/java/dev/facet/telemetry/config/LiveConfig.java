package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** The live feed of the dashboard. */
@ConfigMapping(prefix = "facet.live")
public interface LiveConfig {
  /** Events kept for a viewer that reads slowly; one more ends its stream. */
  @WithDefault("256")
  @Min(1)
  int buffer();

  /** Pause between comments that keep idle connections open. */
  @WithDefault("15s")
  Duration heartbeat();

  /** Viewers served at one time on each replica. */
  @WithDefault("64")
  @Min(1)
  int maxViewers();
}
