package dev.facet.capability.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Size;
import java.time.Duration;

/** Session tokens. */
@ConfigMapping(prefix = "facet.session")
public interface SessionConfig {
  /**
   * Secret shared with telemetry, at least 32 characters (FACET_SESSION_SECRET). Development and
   * tests have one; production starts only with its own.
   */
  @Size(min = 32, message = "needs at least 32 characters for HS256")
  String secret();

  /** How long a token holds: 15 to 60 minutes. */
  @WithDefault("30m")
  Duration lifetime();
}
