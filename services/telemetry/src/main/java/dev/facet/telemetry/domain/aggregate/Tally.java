package dev.facet.telemetry.domain.aggregate;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What a stretch of the log adds to the aggregates: each event that was not counted, once. */
public final class Tally {
  private final Windows windows;
  private final CountedEvents counted;
  private final Instant oldest;
  private final SortedMap<CellKey, CellChange> cells = new TreeMap<>();
  private long events;
  private long duplicates;
  private long late;

  /**
   * @param counted what has been counted before; what is counted here is added
   * @param oldest events from before it come too late: their window is gone
   */
  public Tally(Windows windows, CountedEvents counted, Instant oldest) {
    this.windows = windows;
    this.counted = counted;
    this.oldest = oldest;
  }

  /** Adds the events of a report that are new. */
  public void add(ClientMetricsReported report) {
    report.loads().stream()
        .filter(load -> counts(report, load.source()))
        .forEach(load -> change(report, load.source()).add(report.session(), load));
    report.generations().stream()
        .filter(generation -> counts(report, generation.source()))
        .forEach(
            generation -> change(report, generation.source()).add(report.session(), generation));
    report.failures().stream()
        .filter(failure -> counts(report, failure.source()))
        .forEach(failure -> change(report, failure.source()).add(report.session(), failure));
  }

  private boolean counts(ClientMetricsReported report, Source source) {
    if (source.at().isBefore(oldest)) {
      late++;
      return false;
    }
    if (!counted.add(report.session(), UUID.fromString(source.id()))) {
      duplicates++;
      return false;
    }
    events++;
    return true;
  }

  private CellChange change(ClientMetricsReported report, Source source) {
    String point = Objects.requireNonNullElse(source.point(), CellKey.UNPLANNED);
    CellKey key =
        new CellKey(report.model(), report.deviceClass(), point, windows.startOf(source.at()));
    return cells.computeIfAbsent(key, absent -> new CellChange());
  }

  /** Changes by cell, in the order in which cells are locked. */
  public SortedMap<CellKey, CellChange> cells() {
    return cells;
  }

  /** What has been counted, with what is new. */
  public CountedEvents counted() {
    return counted;
  }

  /** Events that are new. */
  public long events() {
    return events;
  }

  /** Events that had been counted. */
  public long duplicates() {
    return duplicates;
  }

  /** Events whose window is gone. */
  public long late() {
    return late;
  }
}
