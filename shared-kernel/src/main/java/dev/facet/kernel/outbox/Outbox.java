package dev.facet.kernel.outbox;

import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.messaging.EventCodec;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Where application services leave their events. */
@ApplicationScoped
public class Outbox {
  private final EventCodec codec;

  Outbox(EventCodec codec) {
    this.codec = codec;
  }

  /**
   * Records an event in the transaction that is open; it leaves for Kafka once that has committed
   * and never if it has not.
   */
  public Uni<Void> append(DomainEvent event) {
    OutboxEntry entry =
        new OutboxEntry(
            UUID.randomUUID(),
            event.topic(),
            event.key(),
            event.type(),
            codec.write(event),
            Instant.now());
    return Panache.getSession().chain(session -> session.persist(entry));
  }
}
