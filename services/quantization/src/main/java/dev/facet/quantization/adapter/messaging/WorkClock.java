package dev.facet.quantization.adapter.messaging;

import dev.facet.quantization.application.OfferTasks;
import dev.facet.quantization.application.TaskLeases;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Renews the leases this worker holds and looks for tasks whose worker has gone. */
@ApplicationScoped
class WorkClock {
  private final TaskLeases leases;
  private final OfferTasks offers;

  WorkClock(TaskLeases leases, OfferTasks offers) {
    this.leases = leases;
    this.offers = offers;
  }

  @Scheduled(
      identity = "renew-leases",
      every = "${facet.work.renew-every:8s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> renew() {
    return leases.renew();
  }

  @Scheduled(
      identity = "sweep-tasks",
      every = "${facet.work.sweep-every:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return offers.sweep();
  }
}
