package dev.facet.quantization.application;

import dev.facet.quantization.config.WorkConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** A worker's settings with a lease of its own. */
record TestWorkConfig(Duration lease, int attempts) implements WorkConfig {
  @Override
  public OptionalInt threads() {
    return OptionalInt.of(1);
  }

  @Override
  public String renewEvery() {
    return "off";
  }

  @Override
  public String sweepEvery() {
    return "off";
  }

  @Override
  public String lookEvery() {
    return "off";
  }

  @Override
  public Duration patience() {
    return Duration.ZERO;
  }

  @Override
  public Duration pause() {
    return Duration.ZERO;
  }

  @Override
  public Optional<Duration> rehearseAfter() {
    return Optional.empty();
  }
}
