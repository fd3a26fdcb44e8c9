package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.deviceclass.DeviceClass;
import dev.facet.capability.domain.deviceclass.DeviceClassifier;
import dev.facet.capability.domain.report.CapabilityReport;
import java.util.UUID;

/**
 * A device to plan for.
 *
 * @param profile id of its profile
 */
public record Device(UUID profile, DeviceClass deviceClass, CapabilityReport report) {
  /** A stored report, put in its class by today's rules. */
  public static Device of(UUID profile, CapabilityReport report) {
    return new Device(profile, DeviceClassifier.classify(report), report);
  }
}
