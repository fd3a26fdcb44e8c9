package dev.facet.telemetry.adapter.messaging;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Records that will never be counted, kept on the dead-letter topic with where they come from. */
@ApplicationScoped
class DeadMetrics {
  static final String CHANNEL = "client-metrics-dlq";
  private static final Logger LOG = Logger.getLogger(DeadMetrics.class);

  private final MutinyEmitter<byte[]> emitter;

  DeadMetrics(@Channel(CHANNEL) MutinyEmitter<byte[]> emitter) {
    this.emitter = emitter;
  }

  /** Waits until the record is kept. */
  void put(ConsumerRecord<String, byte[]> record, RuntimeException reason) {
    LOG.warnf(
        "%s-%d@%d goes to the dead letters: %s",
        record.topic(), record.partition(), record.offset(), reason.getMessage());
    Headers headers = new RecordHeaders(record.headers());
    headers.add("dead-letter-reason", utf8(String.valueOf(reason.getMessage())));
    headers.add("dead-letter-topic", utf8(record.topic()));
    headers.add("dead-letter-partition", utf8(Integer.toString(record.partition())));
    headers.add("dead-letter-offset", utf8(Long.toString(record.offset())));
    byte[] value = record.value() == null ? new byte[0] : record.value();
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withKey(record.key())
            .withHeaders(headers)
            .build();
    emitter.sendMessageAndAwait(Message.of(value).addMetadata(metadata));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
