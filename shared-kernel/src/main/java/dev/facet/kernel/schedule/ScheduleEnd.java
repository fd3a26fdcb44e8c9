package dev.facet.kernel.schedule;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Lets no scheduled work begin once the service ends: its database goes before its scheduler. */
@ApplicationScoped
class ScheduleEnd {
  private final Scheduler scheduler;

  ScheduleEnd(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void stop(@Observes ShutdownEvent event) {
    scheduler.pause();
  }
}
