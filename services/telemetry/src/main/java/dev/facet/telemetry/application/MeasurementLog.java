package dev.facet.telemetry.application;

import dev.facet.kernel.event.ClientMetricsReported;
import io.smallrye.mutiny.Uni;

/** Where accepted measurements are kept for good: the topic {@code client-metrics}. */
public interface MeasurementLog {
  /** Completes once the report is stored on all in-sync replicas; fails if that cannot be had. */
  Uni<Void> append(ClientMetricsReported report);
}
