package dev.facet.telemetry.domain.aggregate;

import java.time.Instant;
import java.util.Comparator;

/**
 * What measurements are gathered by. Ordered, so that all writers lock cells in the same order.
 *
 * @param point point of the plan, or {@link #UNPLANNED}
 * @param windowStart first instant of the window
 */
public record CellKey(String model, String deviceClass, String point, Instant windowStart)
    implements Comparable<CellKey> {
  /** Stands where a failure came before there was a plan. */
  public static final String UNPLANNED = "unplanned";

  private static final Comparator<CellKey> ORDER =
      Comparator.comparing(CellKey::model)
          .thenComparing(CellKey::deviceClass)
          .thenComparing(CellKey::point)
          .thenComparing(CellKey::windowStart);

  @Override
  public int compareTo(CellKey other) {
    return ORDER.compare(this, other);
  }
}
