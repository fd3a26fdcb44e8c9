package dev.facet.kernel.outbox;

import dev.facet.kernel.messaging.CloudEventHeaders;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The outgoing channel {@code outbox}: one for all topics, the record says which. */
@ApplicationScoped
class OutboxChannel {
  private final MutinyEmitter<byte[]> emitter;
  private final String source;

  OutboxChannel(
      @Channel("outbox") MutinyEmitter<byte[]> emitter,
      @ConfigProperty(name = "quarkus.application.name") String source) {
    this.emitter = emitter;
    this.source = source;
  }

  /** Completes when Kafka has acknowledged the record. */
  Uni<Void> send(Row entry) {
    OutgoingKafkaRecordMetadata<String> metadata =
        OutgoingKafkaRecordMetadata.<String>builder()
            .withTopic(entry.getString("topic"))
            .withKey(entry.getString("record_key"))
            .withHeaders(headers(entry))
            .build();
    return emitter.sendMessage(
        Message.of(entry.getBuffer("body").getBytes()).addMetadata(metadata));
  }

  private Headers headers(Row entry) {
    return CloudEventHeaders.of(
        entry.getUUID("event_id"),
        entry.getString("type"),
        source,
        entry.getOffsetDateTime("occurred_at").toInstant());
  }
}
