package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.aggregate.CellSummary;
import dev.facet.telemetry.domain.aggregate.DeliverySummary;
import dev.facet.telemetry.domain.aggregate.DeviceClassSummary;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;

/** What the dashboard reads. */
public interface AggregateViews {
  /**
   * Cells merged over all windows that begin at or after an instant.
   *
   * @param model null for all
   * @param deviceClass null for all
   */
  Uni<List<CellSummary>> cells(Instant since, String model, String deviceClass);

  /**
   * Deliveries over all windows that begin at or after an instant.
   *
   * @param model null for all
   */
  Uni<List<DeliverySummary>> deliveries(Instant since, String model);

  /** All classes, most profiles first, with the sessions measured since an instant. */
  Uni<List<DeviceClassSummary>> classes(Instant since);
}
