package dev.facet.streaming.application;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Published models in memory: bundles are made from here, also while the database is away. Follows
 * the table at once after this replica's writes and within a period after another's.
 */
@ApplicationScoped
public class PublishedModels {
  private static final Logger LOG = Logger.getLogger(PublishedModels.class);

  private final ModelStore store;
  private volatile ModelSnapshot snapshot = ModelSnapshot.EMPTY;

  PublishedModels(ModelStore store) {
    this.store = store;
  }

  public ModelSnapshot now() {
    return snapshot;
  }

  /** Whether the tables have been read since the start. */
  public boolean loaded() {
    return snapshot != ModelSnapshot.EMPTY;
  }

  /** Reads the tables again if they have changed; a failure leaves the last snapshot in place. */
  @Scheduled(
      every = "{facet.publications.refresh}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  public Uni<Void> refresh() {
    return Panache.withSession(() -> store.version().chain(this::loadIfNewer))
        .onFailure()
        .invoke(e -> LOG.warnf("bundles go on with the models in memory: %s", e.getMessage()))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private Uni<Void> loadIfNewer(long version) {
    return version == snapshot.version()
        ? Uni.createFrom().voidItem()
        : store.load().invoke(this::replace).replaceWithVoid();
  }

  private synchronized void replace(ModelSnapshot loaded) {
    if (loaded.version() >= snapshot.version()) {
      snapshot = loaded;
    }
  }
}
