package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.aggregate.Tally;
import io.smallrye.mutiny.Uni;
import java.time.Instant;

/** Cells and votes. */
public interface AggregateStore {
  /** The database cannot be asked just now; nothing was counted. */
  final class Away extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Away(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** The database refuses what a report says; nothing was counted. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Refused(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Counts those events of a stretch that have not been counted, and remembers them and how far the
   * log is counted in the same transaction. Blocks; folds on the caller's thread.
   *
   * @throws Away to be tried again
   * @throws Refused if trying again cannot help
   */
  Tally count(LogStretch stretch);

  /** Makes room for measurements of the days to come. Blocks. */
  void prepare(Instant now);

  /** Forgets cells, votes and deliveries before one instant, counted event ids before another. */
  Uni<Void> forget(Instant aggregatesBefore, Instant eventsBefore);
}
