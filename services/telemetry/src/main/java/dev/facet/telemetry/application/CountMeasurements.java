package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.aggregate.Tally;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jboss.logging.Logger;

/** Gathers measurements into cells and votes and wakes the tuner. */
@ApplicationScoped
public class CountMeasurements {
  private static final Logger LOG = Logger.getLogger(CountMeasurements.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5_000;

  private final AggregateStore aggregates;
  private final TuningQueue queue;
  private final CountingMeter meter;
  private volatile boolean ending;

  CountMeasurements(AggregateStore aggregates, TuningQueue queue, CountingMeter meter) {
    this.aggregates = aggregates;
    this.queue = queue;
    this.meter = meter;
  }

  void end(@Observes ShutdownEvent event) {
    ending = true;
  }

  /**
   * Counts a stretch of the log; what has been counted changes nothing. Blocks while the database
   * is away: the log keeps what waits.
   *
   * @throws AggregateStore.Refused if the database will never take it
   * @throws AggregateStore.Away if the service ends before it could be counted
   */
  public void count(LogStretch stretch) {
    Tally tally = countOnceThere(stretch);
    meter.counted(tally, delay(stretch));
    tally.cells().keySet().stream()
        .map(cell -> new PolicyKey(cell.model(), cell.deviceClass()))
        .distinct()
        .forEach(queue::add);
  }

  private static Duration delay(LogStretch stretch) {
    Instant now = Instant.now();
    return stretch.reports().stream()
        .map(report -> Duration.between(report.receivedAt(), now))
        .filter(delay -> !delay.isNegative())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private Tally countOnceThere(LogStretch stretch) {
    long pause = FIRST_PAUSE_MS;
    while (true) {
      try {
        return aggregates.count(stretch);
      } catch (AggregateStore.Away away) {
        if (ending || !sleep(pause)) {
          throw away;
        }
        LOG.warnf("counting is tried again: %s", away.getMessage());
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    }
  }

  private static boolean sleep(long ms) {
    try {
      Thread.sleep(ms);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
