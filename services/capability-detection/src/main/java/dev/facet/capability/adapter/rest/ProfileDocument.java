package dev.facet.capability.adapter.rest;

import dev.facet.capability.domain.plan.Device;
import dev.facet.capability.domain.report.CapabilityReport;

/** A stored profile. */
public record ProfileDocument(
    String profile, String deviceClass, String description, CapabilityReport report) {
  static ProfileDocument of(Device device) {
    return new ProfileDocument(
        device.profile().toString(),
        device.deviceClass().name(),
        device.deviceClass().description(),
        device.report());
  }
}
