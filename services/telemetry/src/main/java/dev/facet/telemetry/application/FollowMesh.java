package dev.facet.telemetry.application;

import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.inbox.Inbox;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.Supplier;

/** Keeps what the other services tell in this service's own tables, each event once. */
@ApplicationScoped
public class FollowMesh {
  private static final String CONSUMER = "telemetry";

  private final Inbox inbox;
  private final Catalogue catalogue;
  private final Fleet fleet;
  private final Deliveries deliveries;
  private final TunePolicies tuning;

  FollowMesh(
      Inbox inbox, Catalogue catalogue, Fleet fleet, Deliveries deliveries, TunePolicies tuning) {
    this.inbox = inbox;
    this.catalogue = catalogue;
    this.fleet = fleet;
    this.deliveries = deliveries;
    this.tuning = tuning;
  }

  /** New points may end or replace what policies chose. */
  public Uni<Void> published(UUID event, ModelPublished model) {
    return once(event, () -> catalogue.publish(model))
        .chain(() -> tuning.reconsider(model.model()));
  }

  public Uni<Void> withdrawn(UUID event, ModelWithdrawn model) {
    return once(event, () -> catalogue.withdraw(model.model(), model.withdrawnAt()));
  }

  public Uni<Void> profiled(UUID event, DeviceProfiled profile) {
    return once(event, () -> fleet.add(profile));
  }

  public Uni<Void> delivered(UUID event, ShardsDelivered delivery) {
    return once(event, () -> deliveries.add(delivery));
  }

  private Uni<Void> once(UUID event, Supplier<Uni<Void>> work) {
    return Panache.withTransaction(() -> inbox.once(CONSUMER, event, work));
  }
}
