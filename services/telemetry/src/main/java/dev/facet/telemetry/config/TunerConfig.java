package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What the precision tuner aims at and what keeps it from haste. */
@ConfigMapping(prefix = "facet.tuner")
public interface TunerConfig {
  /** Decode milliseconds a token that the median session should not exceed. */
  @WithDefault("100")
  @DecimalMin(value = "0", inclusive = false)
  double targetMsPerToken();

  /** Sessions that must have been measured at a point before it is judged. */
  @WithDefault("3")
  @Min(1)
  int minSessions();

  /** Newest sessions that the median is taken over. */
  @WithDefault("20")
  @Min(1)
  int recentSessions();

  /**
   * Share of the target that the next richer point must be predicted to keep before it is tried.
   */
  @WithDefault("0.85")
  @DecimalMin(value = "0", inclusive = false)
  @DecimalMax("1")
  double stepUpMargin();

  /** Mean KL divergence (nats) above which a measured point is never chosen. */
  @WithDefault("0.2")
  @DecimalMin("0")
  double maxMeanKl();

  /** Ladder whose points the tuner moves among. */
  @WithDefault("full")
  String ladder();

  /** How far back sessions and failed steps count. */
  @WithDefault("24h")
  Duration memory();

  /** Pause between looks for policies that an earlier run left unsettled. */
  @WithDefault("60s")
  Duration sweep();
}
