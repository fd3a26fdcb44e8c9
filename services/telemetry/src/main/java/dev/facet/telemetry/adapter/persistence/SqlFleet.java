package dev.facet.telemetry.adapter.persistence;

import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.telemetry.application.Fleet;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Device classes, counted by one upsert. */
@ApplicationScoped
class SqlFleet implements Fleet {
  private static final String ADD =
      """
      insert into device_class
        (device_class, description, backend, profiles, first_seen_at, last_seen_at)
      values (?1, ?2, ?3, 1, ?4, ?4)
      on conflict (device_class) do update set
        description = case when excluded.last_seen_at >= device_class.last_seen_at
          then excluded.description else device_class.description end,
        backend = case when excluded.last_seen_at >= device_class.last_seen_at
          then excluded.backend else device_class.backend end,
        profiles = device_class.profiles + 1,
        first_seen_at = least(device_class.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(device_class.last_seen_at, excluded.last_seen_at)""";

  @Override
  public Uni<Void> add(DeviceProfiled profile) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(ADD)
                    .setParameter(1, profile.deviceClass())
                    .setParameter(2, profile.description())
                    .setParameter(3, profile.backend())
                    .setParameter(4, profile.profiledAt())
                    .executeUpdate())
        .replaceWithVoid();
  }
}
