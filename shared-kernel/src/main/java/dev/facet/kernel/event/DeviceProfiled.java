package dev.facet.kernel.event;

import java.time.Instant;

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
