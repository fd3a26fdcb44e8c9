package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.messaging.UntilStored;
import dev.facet.telemetry.application.CountMeasurements;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads client metrics back for counting; event ids make it idempotent, so no inbox is needed. */
@ApplicationScoped
class MetricsConsumer {
  private final EventCodec codec;
  private final CountMeasurements counting;

  MetricsConsumer(EventCodec codec, CountMeasurements counting) {
    this.codec = codec;
    this.counting = counting;
  }

  @Incoming("client-metrics")
  Uni<Void> count(ConsumerRecord<String, byte[]> record) {
    EventEnvelope envelope = codec.open(record);
    if (!envelope.type().equals(ClientMetricsReported.TYPE)) {
      return Uni.createFrom().voidItem();
    }
    ClientMetricsReported report = codec.body(envelope, ClientMetricsReported.class);
    return UntilStored.retry(() -> counting.count(report));
  }
}
