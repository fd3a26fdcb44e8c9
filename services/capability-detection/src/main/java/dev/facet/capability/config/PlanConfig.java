package dev.facet.capability.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;

/** How plans are made and kept. */
@ConfigMapping(prefix = "facet.plans")
public interface PlanConfig {
  /** Share of generations that clients are asked to report, 0 to 1. */
  @WithDefault("1.0")
  @DecimalMin("0")
  @DecimalMax("1")
  double telemetrySampleRate();

  /** Profiles kept in memory, so that planning for them needs no database. */
  @WithDefault("50000")
  long profilesInMemory();

  /** Plans kept in memory; a plan found there is not written again. */
  @WithDefault("50000")
  long plansInMemory();

  /** How long an answer waits for its plan to be written before it goes out unwritten. */
  @WithDefault("1s")
  Duration keepWithin();
}
