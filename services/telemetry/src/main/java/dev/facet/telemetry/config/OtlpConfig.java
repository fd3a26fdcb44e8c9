package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where meters are sent as OpenTelemetry metrics. */
@ConfigMapping(prefix = "facet.otlp")
public interface OtlpConfig {
  /** Address of a collector's OTLP/HTTP endpoint, such as {@code http://host:4318/v1/metrics}. */
  Optional<URI> url();

  /** How often they are sent. */
  @WithDefault("30s")
  Duration every();
}
