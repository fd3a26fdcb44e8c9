package dev.facet.capability.application;

import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.deviceclass.DeviceClass;
import dev.facet.capability.domain.plan.Device;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.ProfileId;
import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.kernel.outbox.Outbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Turns a report into a stored profile; equal reports are one profile and told of once. */
@ApplicationScoped
public class RegisterDevice {
  private static final String NO_BACKEND = "none";

  private final ProfileStore profiles;
  private final RegisteredDevices devices;
  private final Outbox outbox;

  RegisterDevice(ProfileStore profiles, RegisteredDevices devices, Outbox outbox) {
    this.profiles = profiles;
    this.devices = devices;
    this.outbox = outbox;
  }

  /**
   * Stores the report if it is new, together with the event that tells of it.
   *
   * @return fails with {@link StorageUnavailable} while the database is away
   */
  public Uni<Device> register(CapabilityReport report) {
    Device device = Device.of(ProfileId.of(report), report);
    return StorageUnavailable.guard(
            Panache.withTransaction(() -> profiles.add(device).chain(isNew -> tell(device, isNew))))
        .replaceWith(device)
        .invoke(devices::remember);
  }

  private Uni<Void> tell(Device device, boolean isNew) {
    return isNew ? outbox.append(event(device)) : Uni.createFrom().voidItem();
  }

  private static DeviceProfiled event(Device device) {
    DeviceClass deviceClass = device.deviceClass();
    return new DeviceProfiled(
        device.profile().toString(),
        deviceClass.name(),
        deviceClass.description(),
        deviceClass.backend().map(Backend::id).orElse(NO_BACKEND),
        Instant.now());
  }
}
