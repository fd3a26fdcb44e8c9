package dev.facet.telemetry.application;

import dev.facet.kernel.event.ClientMetricsReported;
import io.smallrye.mutiny.Uni;
import java.time.Instant;

/** Cells and votes. */
public interface AggregateStore {
  /**
   * Counts those events of a report that have not been counted, remembering them in the same
   * transaction.
   *
   * @return how many events were counted
   */
  Uni<Integer> count(ClientMetricsReported report);

  /** Forgets cells, votes and deliveries before one instant, counted event ids before another. */
  Uni<Void> forget(Instant aggregatesBefore, Instant eventsBefore);
}
