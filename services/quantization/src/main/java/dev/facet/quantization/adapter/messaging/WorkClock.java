package dev.facet.quantization.adapter.messaging;

import dev.facet.quantization.application.CarryOutTask;
import dev.facet.quantization.application.ExpireSources;
import dev.facet.quantization.application.FetchRuns;
import dev.facet.quantization.application.OfferTasks;
import dev.facet.quantization.application.TaskLeases;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Renews the leases this worker holds and looks for tasks that wait or whose worker has gone. */
@ApplicationScoped
class WorkClock {
  private final CarryOutTask carryOut;
  private final TaskLeases leases;
  private final OfferTasks offers;
  private final FetchRuns fetches;
  private final ExpireSources sources;

  WorkClock(
      CarryOutTask carryOut,
      TaskLeases leases,
      OfferTasks offers,
      FetchRuns fetches,
      ExpireSources sources) {
    this.carryOut = carryOut;
    this.fetches = fetches;
    this.sources = sources;
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

  @Scheduled(
      identity = "help-out",
      every = "${facet.work.look-every:1s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> helpOut() {
    return carryOut.helpOut(Optional.empty());
  }

  @Scheduled(
      identity = "sweep-fetches",
      every = "${facet.work.sweep-every:5s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sweepFetches() {
    return fetches.sweep();
  }

  @Scheduled(
      identity = "expire-sources",
      every = "10m",
      delayed = "1m",
      concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> expireSources() {
    return sources.expire();
  }
}
