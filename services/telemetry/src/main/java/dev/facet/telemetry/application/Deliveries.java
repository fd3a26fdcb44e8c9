package dev.facet.telemetry.application;

import dev.facet.kernel.event.ShardsDelivered;
import io.smallrye.mutiny.Uni;

/** What shard-streaming has delivered. */
public interface Deliveries {
  /** Counts a delivery in the transaction that is open. */
  Uni<Void> add(ShardsDelivered delivery);
}
