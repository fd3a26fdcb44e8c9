package dev.facet.kernel.inbox;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes a consumer idempotent. */
@ApplicationScoped
public class Inbox {
  private static final String REMEMBER =
      "insert into inbox (consumer, event_id) values (?1, ?2) on conflict do nothing";

  /**
   * Runs the work if this consumer has not seen the event, in the transaction that is open: event
   * and effect are remembered together or not at all.
   *
   * @param consumer name of the consumer
   * @param event id of the event
   * @param work what to do the first time
   */
  public Uni<Void> once(String consumer, UUID event, Supplier<Uni<Void>> work) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(REMEMBER)
                    .setParameter(1, consumer)
                    .setParameter(2, event)
                    .executeUpdate())
        .chain(inserted -> inserted == 1 ? work.get() : Uni.createFrom().voidItem());
  }
}
