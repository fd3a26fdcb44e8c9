package dev.facet.telemetry.adapter.persistence;

import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.identity.BundleId;
import dev.facet.telemetry.application.Deliveries;
import dev.facet.telemetry.config.AggregationConfig;
import dev.facet.telemetry.domain.aggregate.Windows;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Deliveries by point and window, counted by one upsert. */
@ApplicationScoped
class SqlDeliveries implements Deliveries {
  private static final String ADD =
      """
      insert into delivery (model, point, window_start, streams, complete_streams, bytes)
      values (?1, ?2, ?3, 1, ?4, ?5)
      on conflict (model, point, window_start) do update set
        streams = delivery.streams + 1,
        complete_streams = delivery.complete_streams + excluded.complete_streams,
        bytes = delivery.bytes + excluded.bytes""";

  private final Windows windows;

  SqlDeliveries(AggregationConfig config) {
    this.windows = new Windows(config.window());
  }

  @Override
  public Uni<Void> add(ShardsDelivered delivery) {
    BundleId bundle = BundleId.parse(delivery.bundle());
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(ADD)
                    .setParameter(1, bundle.model().value())
                    .setParameter(2, bundle.point())
                    .setParameter(3, windows.startOf(delivery.endedAt()))
                    .setParameter(4, delivery.complete() ? 1L : 0L)
                    .setParameter(5, delivery.bytes())
                    .executeUpdate())
        .replaceWithVoid();
  }
}
