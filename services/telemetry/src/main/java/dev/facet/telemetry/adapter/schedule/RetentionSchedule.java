package dev.facet.telemetry.adapter.schedule;

import dev.facet.telemetry.application.AggregateStore;
import dev.facet.telemetry.config.AggregationConfig;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Forgets what is older than its retention. Deleting twice is harmless, so replicas need no lock.
 */
@ApplicationScoped
class RetentionSchedule {
  private static final Logger LOG = Logger.getLogger(RetentionSchedule.class);

  private final AggregateStore aggregates;
  private final AggregationConfig config;

  RetentionSchedule(AggregateStore aggregates, AggregationConfig config) {
    this.aggregates = aggregates;
    this.config = config;
  }

  /** Days are made in time; counting makes those that are missing all the same. */
  @Scheduled(every = "1h", concurrentExecution = ConcurrentExecution.SKIP)
  @Blocking
  void prepare() {
    try {
      aggregates.prepare(Instant.now());
    } catch (AggregateStore.Away away) {
      LOG.warnf("the next day's tables are made later: %s", away.getMessage());
    }
  }

  @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> forget() {
    Instant now = Instant.now();
    return aggregates
        .forget(now.minus(config.retention()), now.minus(config.remember()))
        .onFailure()
        .invoke(failure -> LOG.warnf("old measurements stay for now: %s", failure.getMessage()))
        .onFailure()
        .recoverWithNull();
  }
}
