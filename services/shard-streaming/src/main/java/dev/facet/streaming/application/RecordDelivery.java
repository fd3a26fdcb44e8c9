package dev.facet.streaming.application;

import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.outbox.Outbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Tells that a stream has ended. */
@ApplicationScoped
public class RecordDelivery {
  private final Outbox outbox;

  RecordDelivery(Outbox outbox) {
    this.outbox = outbox;
  }

  public Uni<Void> record(ShardsDelivered delivery) {
    return Panache.withTransaction(() -> outbox.append(delivery));
  }
}
