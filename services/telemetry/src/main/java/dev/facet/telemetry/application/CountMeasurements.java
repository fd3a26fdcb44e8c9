package dev.facet.telemetry.application;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Gathers measurements into cells and votes and wakes the tuner. */
@ApplicationScoped
public class CountMeasurements {
  private final AggregateStore aggregates;
  private final TuningQueue queue;

  CountMeasurements(AggregateStore aggregates, TuningQueue queue) {
    this.aggregates = aggregates;
    this.queue = queue;
  }

  /** Counts a report; one that has been counted changes nothing. */
  public Uni<Void> count(ClientMetricsReported report) {
    return aggregates
        .count(report)
        .invoke(
            counted -> {
              if (counted > 0) {
                queue.add(new PolicyKey(report.model(), report.deviceClass()));
              }
            })
        .replaceWithVoid();
  }
}
