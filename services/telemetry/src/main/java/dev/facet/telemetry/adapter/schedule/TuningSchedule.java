package dev.facet.telemetry.adapter.schedule;

import dev.facet.telemetry.application.TunePolicies;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Tunes a second after new data at the latest, and sweeps up what an earlier run left. */
@ApplicationScoped
class TuningSchedule {
  private static final Logger LOG = Logger.getLogger(TuningSchedule.class);

  private final TunePolicies tuning;

  TuningSchedule(TunePolicies tuning) {
    this.tuning = tuning;
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> round() {
    return tuning.round();
  }

  @Scheduled(every = "${facet.tuner.sweep:60s}", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return tuning
        .sweep()
        .onFailure()
        .invoke(failure -> LOG.warnf("unsettled policies: %s", failure.getMessage()))
        .onFailure()
        .recoverWithNull();
  }
}
