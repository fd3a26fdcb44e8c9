package dev.facet.telemetry.application;

import dev.facet.telemetry.config.TunerConfig;
import dev.facet.telemetry.domain.tuner.ChoiceLadder;
import dev.facet.telemetry.domain.tuner.PrecisionTuner;
import dev.facet.telemetry.domain.tuner.TuningRules;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** The tuner as configured; settings that make no sense stop the service at its start. */
@Startup
@ApplicationScoped
class TunerSettings {
  private final TunerConfig config;
  private final PrecisionTuner tuner;

  TunerSettings(TunerConfig config) {
    this.config = config;
    this.tuner =
        new PrecisionTuner(
            new TuningRules(
                config.targetMsPerToken(),
                config.minSessions(),
                config.recentSessions(),
                config.stepUpMargin(),
                config.memory()));
  }

  TunerConfig config() {
    return config;
  }

  PrecisionTuner tuner() {
    return tuner;
  }

  /** Empty if no point of the model may be chosen. */
  Optional<ChoiceLadder> ladder(Catalogue.Model model) {
    return ChoiceLadder.of(model.rungs(), config.maxMeanKl());
  }

  /** Votes before this are forgotten. */
  Instant memoryFrom(Instant now) {
    return now.minus(config.memory());
  }
}
