package dev.facet.capability.adapter.rest;

import dev.facet.capability.application.SessionTokens.Session;
import dev.facet.capability.domain.plan.Device;
import java.time.Instant;

/** Answer to a report. */
public record RegistrationDocument(
    String profile,
    String deviceClass,
    String description,
    String session,
    Instant sessionExpiresAt) {
  static RegistrationDocument of(Device device, Session session) {
    return new RegistrationDocument(
        device.profile().toString(),
        device.deviceClass().name(),
        device.deviceClass().description(),
        session.value(),
        session.expiresAt());
  }
}
