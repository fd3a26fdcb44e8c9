package dev.facet.capability.adapter.persistence;

import dev.facet.capability.application.ProfileStore;
import dev.facet.capability.domain.plan.Device;
import dev.facet.capability.domain.report.CapabilityReport;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Profiles in table {@code device_profile}. */
@ApplicationScoped
class PanacheProfileStore
    implements ProfileStore, PanacheRepositoryBase<DeviceProfileEntity, UUID> {
  private static final String ADD =
      "insert into device_profile (id, device_class, description, report)"
          + " values (?1, ?2, ?3, cast(cast(?4 as text) as jsonb)) on conflict do nothing";

  private final JsonDocuments json;

  PanacheProfileStore(JsonDocuments json) {
    this.json = json;
  }

  @Override
  public Uni<Boolean> add(Device device) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(ADD)
                    .setParameter(1, device.profile())
                    .setParameter(2, device.deviceClass().name())
                    .setParameter(3, device.deviceClass().description())
                    .setParameter(4, json.write(device.report()))
                    .executeUpdate())
        .map(inserted -> inserted == 1);
  }

  @Override
  @WithSession
  public Uni<Optional<Device>> find(UUID profile) {
    return findById(profile).map(row -> Optional.ofNullable(row).map(this::device));
  }

  private Device device(DeviceProfileEntity row) {
    return Device.of(row.id, json.read(row.report, CapabilityReport.class));
  }
}
