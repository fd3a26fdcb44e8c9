package dev.facet.kernel.testing;

import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.messaging.EventCodec;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** Events as a consumer sees them, for in-memory channels. */
public final class TestEvents {
  private static final AtomicLong OFFSETS = new AtomicLong();

  private TestEvents() {}

  /** A message with the record and headers that Kafka would bring. */
  public static Message<byte[]> message(DomainEvent event) {
    return message(event, UUID.randomUUID());
  }

  /** The same with a chosen event id, to tell one event twice. */
  public static Message<byte[]> message(DomainEvent event, UUID id) {
    return message(event, id, new CompletableFuture<>());
  }

  /**
   * The same, completing the future when the consumer acknowledges and failing it when it does not.
   */
  public static Message<byte[]> message(
      DomainEvent event, UUID id, CompletableFuture<Void> outcome) {
    ConsumerRecord<String, byte[]> record = record(event, id);
    return Message.of(
        record.value(),
        Metadata.of(new IncomingKafkaRecordMetadata<>(record, event.topic(), 0, 0)),
        () -> complete(outcome, null),
        failure -> complete(outcome, failure));
  }

  /** The record itself. */
  public static ConsumerRecord<String, byte[]> record(DomainEvent event, UUID id) {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(
            event.topic(),
            0,
            OFFSETS.getAndIncrement(),
            event.key(),
            new EventCodec().write(event));
    record.headers().add("ce_id", utf8(id.toString()));
    record.headers().add("ce_type", utf8(event.type()));
    record.headers().add("ce_time", utf8(Instant.now().toString()));
    return record;
  }

  private static CompletionStage<Void> complete(
      CompletableFuture<Void> outcome, Throwable failure) {
    if (failure == null) {
      outcome.complete(null);
    } else {
      outcome.completeExceptionally(failure);
    }
    return CompletableFuture.completedFuture(null);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
