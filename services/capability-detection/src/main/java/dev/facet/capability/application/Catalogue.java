package dev.facet.capability.application;

import dev.facet.capability.domain.catalogue.CatalogueSnapshot;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * The catalogue in memory. Plans read it, so they need neither Kafka nor PostgreSQL; it follows the
 * tables at once after this replica's writes and within a period after another's.
 */
@ApplicationScoped
public class Catalogue {
  private static final Logger LOG = Logger.getLogger(Catalogue.class);

  private final CatalogueStore store;
  private volatile CatalogueSnapshot snapshot = CatalogueSnapshot.EMPTY;

  Catalogue(CatalogueStore store) {
    this.store = store;
  }

  /** What is known now. */
  public CatalogueSnapshot now() {
    return snapshot;
  }

  /** Whether the tables have been read since the start. */
  public boolean loaded() {
    return snapshot != CatalogueSnapshot.EMPTY;
  }

  /** Reads the tables again if they have changed; a failure leaves the last snapshot in place. */
  @Scheduled(
      every = "{facet.catalogue.refresh}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  public Uni<Void> refresh() {
    return Panache.withSession(() -> store.version().chain(this::loadIfNewer))
        .onFailure()
        .invoke(e -> LOG.warnf("plans go on with the catalogue in memory: %s", e.getMessage()))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private Uni<Void> loadIfNewer(long version) {
    if (version == snapshot.version()) {
      return Uni.createFrom().voidItem();
    }
    return store.load().invoke(this::replace).replaceWithVoid();
  }

  private synchronized void replace(CatalogueSnapshot loaded) {
    if (loaded.version() >= snapshot.version()) {
      snapshot = loaded;
    }
  }
}
