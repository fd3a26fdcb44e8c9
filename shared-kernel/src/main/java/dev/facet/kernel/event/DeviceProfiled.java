package dev.facet.kernel.event;

import java.time.Instant;
import java.util.Objects;

/**
 * A browser has reported what it can do.
 *
 * @param profile id of the stored profile
 * @param deviceClass its bucket
 * @param description the bucket in a sentence
 * @param backend backend that plans prefer for it, {@code wasm}, {@code webgpu} or {@code none}
 */
public record DeviceProfiled(
    String profile, String deviceClass, String description, String backend, Instant profiledAt)
    implements DomainEvent {
  public static final String TYPE = "device.profiled.v1";

  public DeviceProfiled {
    Objects.requireNonNull(profile, "profile");
    Objects.requireNonNull(deviceClass, "deviceClass");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(profiledAt, "profiledAt");
  }

  @Override
  public String topic() {
    return Topics.DEVICE_PROFILES;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return profile;
  }
}
