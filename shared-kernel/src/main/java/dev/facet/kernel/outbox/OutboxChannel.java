package dev.facet.kernel.outbox;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
    return new RecordHeaders()
        .add("ce_specversion", utf8("1.0"))
        .add("ce_id", utf8(entry.getUUID("event_id").toString()))
        .add("ce_type", utf8(entry.getString("type")))
        .add("ce_source", utf8("/facet/" + source))
        .add(
            "ce_time",
            utf8(
                entry
                    .getOffsetDateTime("occurred_at")
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toInstant()
                    .toString()))
        .add("content-type", utf8("application/json"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
