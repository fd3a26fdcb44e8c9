package dev.facet.telemetry.application;

import dev.facet.telemetry.config.LiveConfig;
import dev.facet.telemetry.domain.measurement.TelemetryUnavailable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What happens in the fleet, as it happens, for people who watch. A viewer that reads too slowly is
 * dropped once its buffer is full; it holds up nobody.
 */
@ApplicationScoped
public class LiveFeed {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  /**
   * Something to show.
   *
   * @param name {@code generation}, {@code load}, {@code failure} or {@code policy}
   * @param data what is sent as JSON
   */
  public record Happening(String name, Object data) {}

  private final BroadcastProcessor<Happening> happenings = BroadcastProcessor.create();
  private final AtomicInteger viewers = new AtomicInteger();
  private final LiveConfig config;

  LiveFeed(LiveConfig config) {
    this.config = config;
  }

  /** Shows something to all viewers. Consumers of several channels call this, one at a time. */
  public synchronized void show(Happening happening) {
    happenings.onNext(happening);
  }

  /**
   * All that happens from now on; fails with a {@code BackPressureFailure} for a viewer that falls
   * behind.
   *
   * @throws TelemetryUnavailable if too many watch already
   */
  public Multi<Happening> watch() {
    if (viewers.incrementAndGet() > config.maxViewers()) {
      viewers.decrementAndGet();
      throw new TelemetryUnavailable("Too many dashboards watch this replica.", RETRY_AFTER);
    }
    return happenings
        .onOverflow()
        .buffer(config.buffer())
        .onTermination()
        .invoke(viewers::decrementAndGet);
  }

  /** Viewers at present. */
  public int viewers() {
    return viewers.get();
  }
}
