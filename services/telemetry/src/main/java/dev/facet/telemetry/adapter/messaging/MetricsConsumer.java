package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.messaging.MalformedEvent;
import dev.facet.telemetry.application.AggregateStore;
import dev.facet.telemetry.application.CountMeasurements;
import dev.facet.telemetry.application.LogStretch;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Reads client metrics back for counting, all that a poll brings in one transaction. Kafka is told
 * how far that is only afterwards; what is read again has its ids counted. Where the database
 * refuses a stretch it is halved until the record that is at fault stands alone, which goes to the
 * dead letters.
 */
@ApplicationScoped
class MetricsConsumer {
  private final EventCodec codec;
  private final CountMeasurements counting;
  private final DeadMetrics dead;

  MetricsConsumer(EventCodec codec, CountMeasurements counting, DeadMetrics dead) {
    this.codec = codec;
    this.counting = counting;
    this.dead = dead;
  }

  private record Read(ConsumerRecord<String, byte[]> from, ClientMetricsReported report) {}

  @Incoming("client-metrics")
  @Blocking
  void count(ConsumerRecords<String, byte[]> records) {
    List<Read> reports = new ArrayList<>(records.count());
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        EventEnvelope envelope = codec.open(record);
        if (envelope.type().equals(ClientMetricsReported.TYPE)) {
          reports.add(new Read(record, codec.body(envelope, ClientMetricsReported.class)));
        }
      } catch (MalformedEvent e) {
        dead.put(record, e);
      }
    }
    count(reports);
  }

  private void count(List<Read> reports) {
    if (reports.isEmpty()) {
      return;
    }
    try {
      counting.count(stretch(reports));
    } catch (AggregateStore.Refused refusal) {
      if (reports.size() == 1) {
        dead.put(reports.get(0).from(), refusal);
        return;
      }
      count(reports.subList(0, reports.size() / 2));
      count(reports.subList(reports.size() / 2, reports.size()));
    }
  }

  private static LogStretch stretch(List<Read> reports) {
    SortedMap<Integer, Long> next = new TreeMap<>();
    reports.forEach(
        read -> next.merge(read.from().partition(), read.from().offset() + 1, Math::max));
    return new LogStretch(next, reports.stream().map(Read::report).toList());
  }
}
