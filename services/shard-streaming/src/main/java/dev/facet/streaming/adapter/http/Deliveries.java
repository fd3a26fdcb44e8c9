package dev.facet.streaming.adapter.http;

import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.streaming.application.RecordDelivery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Counts ended streams and has them told. Telling must not fail a stream: without the database it
 * is left out.
 */
@ApplicationScoped
class Deliveries {
  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  private final Vertx vertx;
  private final RecordDelivery recorder;
  private final Counter complete;
  private final Counter cut;
  private final Counter bytes;

  Deliveries(Vertx vertx, RecordDelivery recorder, MeterRegistry meters) {
    this.vertx = vertx;
    this.recorder = recorder;
    this.complete = meters.counter("facet.streams", "outcome", "complete");
    this.cut = meters.counter("facet.streams", "outcome", "cut");
    this.bytes = meters.counter("facet.streams.bytes");
  }

  void tell(ShardsDelivered delivery) {
    (delivery.complete() ? complete : cut).increment();
    bytes.increment(delivery.bytes());
    Context session = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    VertxContextSafetyToggle.setContextSafe(session, true);
    session.runOnContext(v -> record(delivery));
  }

  private void record(ShardsDelivered delivery) {
    recorder
        .record(delivery)
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.warnf(
                    "delivery of %s is not told: %s", delivery.bundle(), failure.getMessage()));
  }
}
