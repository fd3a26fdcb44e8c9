package dev.facet.telemetry.config;

import io.smallrye.config.ConfigMapping;

/** Session tokens that capability-detection issues and this service verifies. */
@ConfigMapping(prefix = "facet.session")
public interface SessionConfig {
  /**
   * Secret both services share (FACET_SESSION_SECRET); its UTF-8 bytes, at least 32, are the key.
   */
  String secret();
}
