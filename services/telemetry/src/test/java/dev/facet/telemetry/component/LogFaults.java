package dev.facet.telemetry.component;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.application.MeasurementLog;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Lets a test take the log's place, for as long as it says. */
@ApplicationScoped
class LogFaults {
  private volatile MeasurementLog fault;

  void inject(MeasurementLog fault) {
    this.fault = fault;
  }

  void clear() {
    fault = null;
  }

  /** Asked through the bean: a client proxy has no fields. */
  MeasurementLog instead(MeasurementLog log) {
    return fault == null ? log : fault;
  }

  /** Wraps the real log. */
  @Decorator
  @Priority(1)
  static class FaultyLog implements MeasurementLog {
    @Inject @Delegate MeasurementLog log;
    @Inject LogFaults faults;

    @Override
    public Uni<Void> append(ClientMetricsReported report) {
      return faults.instead(log).append(report);
    }
  }
}
