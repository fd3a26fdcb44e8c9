package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.telemetry.application.LiveFeed;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Feeds the dashboards of this replica. Each replica reads both topics whole, in a consumer group
 * of its own, so a dashboard sees the same whichever replica serves it.
 */
@ApplicationScoped
class LiveConsumers {
  private final EventCodec codec;
  private final LiveFeed feed;

  LiveConsumers(EventCodec codec, LiveFeed feed) {
    this.codec = codec;
    this.feed = feed;
  }

  @Incoming("live-metrics")
  void metrics(ConsumerRecord<String, byte[]> record) {
    if (feed.viewers() == 0) {
      return;
    }
    EventEnvelope event = codec.open(record);
    if (event.type().equals(ClientMetricsReported.TYPE)) {
      LiveMeasurement.of(codec.body(event, ClientMetricsReported.class)).forEach(feed::show);
    }
  }

  @Incoming("live-policies")
  void policies(ConsumerRecord<String, byte[]> record) {
    EventEnvelope event = codec.open(record);
    if (event.type().equals(PrecisionPolicyChanged.TYPE)) {
      feed.show(LivePolicy.of(codec.body(event, PrecisionPolicyChanged.class)));
    }
  }
}
