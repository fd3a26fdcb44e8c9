package dev.facet.telemetry.domain.aggregate;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cuts time into windows of one length and folds reports into cells. */
public final class Windows {
  private final long lengthMs;

  /**
   * @throws IllegalArgumentException if the length is not at least a millisecond
   */
  public Windows(Duration length) {
    this.lengthMs = length.toMillis();
    if (lengthMs < 1) {
      throw new IllegalArgumentException("a window lasts at least 1 ms: " + length);
    }
  }

  /** First instant of the window that an instant lies in. */
  public Instant startOf(Instant at) {
    return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), lengthMs) * lengthMs);
  }

  /**
   * Folds the events of a report that have not been counted before.
   *
   * @param uncounted ids of those events; an id that a report holds twice counts once
   * @return changes by cell, in the order in which cells are locked
   */
  public SortedMap<CellKey, CellChange> fold(ClientMetricsReported report, Set<String> uncounted) {
    Set<String> open = new HashSet<>(uncounted);
    SortedMap<CellKey, CellChange> changes = new TreeMap<>();
    report.loads().stream()
        .filter(load -> open.remove(load.source().id()))
        .forEach(load -> change(changes, report, load.source()).add(load));
    report.generations().stream()
        .filter(generation -> open.remove(generation.source().id()))
        .forEach(generation -> change(changes, report, generation.source()).add(generation));
    report.failures().stream()
        .filter(failure -> open.remove(failure.source().id()))
        .forEach(failure -> change(changes, report, failure.source()).add(failure));
    return changes;
  }

  private CellChange change(
      SortedMap<CellKey, CellChange> changes, ClientMetricsReported report, Source source) {
    String point = Objects.requireNonNullElse(source.point(), CellKey.UNPLANNED);
    CellKey key = new CellKey(report.model(), report.deviceClass(), point, startOf(source.at()));
    return changes.computeIfAbsent(key, absent -> new CellChange());
  }
}
