package dev.facet.capability.application;

import dev.facet.capability.domain.plan.Device;
import java.time.Instant;

/** Signs tokens that let a browser send telemetry for its profile. */
public interface SessionTokens {
  /**
   * @param value the token
   * @param expiresAt until when it holds
   */
  record Session(String value, Instant expiresAt) {}

  Session issue(Device device);
}
