package dev.facet.streaming.adapter.persistence;

import dev.facet.streaming.application.AnnouncementStore;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** The one row of {@code kernel_announcement}; its lock lets one replica at a time announce. */
@ApplicationScoped
class AnnouncementTable implements AnnouncementStore {
  private static final String NOTE =
      "insert into kernel_announcement (id, revision) values (1, ?1)"
          + " on conflict (id) do update set revision = excluded.revision, announced_at = now()"
          + " where kernel_announcement.revision <> excluded.revision";

  @Override
  public Uni<Boolean> note(String revision) {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(NOTE).setParameter(1, revision).executeUpdate())
        .map(changed -> changed == 1);
  }
}
