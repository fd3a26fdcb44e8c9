package dev.facet.streaming.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.inbox.Inbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/** Writes what quantization tells into the tables, each event once. */
@ApplicationScoped
public class KeepModels {
  private static final String CONSUMER = "shard-streaming.models";

  private final Inbox inbox;
  private final ModelStore store;
  private final PublishedModels models;

  KeepModels(Inbox inbox, ModelStore store, PublishedModels models) {
    this.inbox = inbox;
    this.store = store;
    this.models = models;
  }

  /**
   * @throws RuntimeException if the event lacks what bundles need; it belongs on the dead-letter
   *     topic
   */
  public Uni<Void> published(UUID event, ModelPublished model) {
    new ModelId(model.model());
    Objects.requireNonNull(model.revision(), "revision");
    Objects.requireNonNull(model.ladders(), "ladders");
    Objects.requireNonNull(model.points(), "points");
    return once(event, () -> store.put(model));
  }

  public Uni<Void> withdrawn(UUID event, ModelWithdrawn model) {
    return once(event, () -> store.remove(model));
  }

  private Uni<Void> once(UUID event, Supplier<Uni<Void>> write) {
    return Panache.withTransaction(() -> inbox.once(CONSUMER, event, write)).chain(models::refresh);
  }
}
