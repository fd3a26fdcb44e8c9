package dev.facet.telemetry.component;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import dev.facet.kernel.testing.TestEvents;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** Tells the service what browsers and other services would. */
final class Fleet {
  private final InMemoryConnector connector;

  Fleet(InMemoryConnector connector) {
    this.connector = connector;
  }

  /** Sends an event and waits until it is acknowledged. */
  void tell(String channel, DomainEvent event) {
    tell(channel, event, UUID.randomUUID());
  }

  /** The same with a chosen event id. */
  void tell(String channel, DomainEvent event, UUID id) {
    if (channel.equals("client-metrics")) {
      poll(List.of(TestEvents.record(event, id)));
      return;
    }
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    tell(channel, TestEvents.message(event, id, outcome));
    outcome.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** What one poll of client-metrics brings; waits until it is acknowledged. */
  void poll(List<ConsumerRecord<String, byte[]>> records) {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    Map<TopicPartition, List<ConsumerRecord<String, byte[]>>> polled =
        Map.of(new TopicPartition("client-metrics", 0), records);
    Message<ConsumerRecords<String, byte[]>> message =
        Message.of(
            new ConsumerRecords<>(polled, Map.of()),
            () -> CompletableFuture.completedFuture(null).thenRun(() -> outcome.complete(null)),
            failure ->
                CompletableFuture.completedFuture(null)
                    .thenRun(() -> outcome.completeExceptionally(failure)));
    connector.<Message<?>>source("client-metrics").runOnVertxContext(true).send(message);
    outcome.orTimeout(20, TimeUnit.SECONDS).join();
  }

  void tell(String channel, Message<byte[]> message) {
    connector.<Message<byte[]>>source(channel).runOnVertxContext(true).send(message);
  }

  /** New sessions, each with one generation at a point. */
  void measure(String model, String deviceClass, String point, double... msPerToken) {
    for (double ms : msPerToken) {
      tell("client-metrics", report(model, deviceClass, point, ms, false));
    }
  }

  static ClientMetricsReported report(
      String model, String deviceClass, String point, double msPerToken, boolean pinned) {
    Instant now = Instant.now();
    Source source =
        new Source(UUID.randomUUID().toString(), now, null, null, point, "wasm", pinned);
    return new ClientMetricsReported(
        UUID.randomUUID().toString(),
        model,
        deviceClass,
        now,
        List.of(),
        List.of(new Generation(source, 8, 32, 2 * msPerToken, 3.0, msPerToken, false)),
        List.of());
  }

  static ClientMetricsReported failure(String model, String deviceClass) {
    Instant now = Instant.now();
    Source source = new Source(UUID.randomUUID().toString(), now, null, null, null, null, false);
    return new ClientMetricsReported(
        UUID.randomUUID().toString(),
        model,
        deviceClass,
        now,
        List.of(),
        List.of(),
        List.of(new Failure(source, "nothing-fits", "plan")));
  }

  /** The record of an event with a body that breaks off; the future fails when it is refused. */
  static Message<byte[]> malformed(DomainEvent event, CompletableFuture<Void> outcome) {
    ConsumerRecord<String, byte[]> record = malformed(event);
    return Message.of(
        record.value(),
        Metadata.of(new IncomingKafkaRecordMetadata<>(record, record.topic(), 0, 0)),
        () -> CompletableFuture.completedFuture(null),
        failure -> {
          outcome.completeExceptionally(failure);
          return CompletableFuture.completedFuture(null);
        });
  }

  /** The record of an event with a body that breaks off. */
  static ConsumerRecord<String, byte[]> malformed(DomainEvent event) {
    ConsumerRecord<String, byte[]> whole = TestEvents.record(event, UUID.randomUUID());
    byte[] broken = Arrays.copyOf(whole.value(), whole.value().length / 2);
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(whole.topic(), 0, whole.offset(), whole.key(), broken);
    whole.headers().forEach(record.headers()::add);
    return record;
  }

  /** Publishes a model with points full-2 (too poor), full-3, full-4 and reference-8. */
  void publish(String model) {
    tell("model-published", model(model, Instant.now().minusSeconds(60), 0.06));
  }

  static ModelPublished model(String model, Instant publishedAt, double klAtThreeBits) {
    String digest = "ab".repeat(32);
    return new ModelPublished(
        model,
        "4f2c9a1b77de",
        29_000_000,
        new ArchitectureConfig(
            "llama", 512, 8, 8, 4, 64, 1536, 8192, 1024, 1e4, null, 1e-5, true, 0, List.of(0)),
        new BlobRef(digest, 10),
        List.of(new ModelPublished.Ladder("full", new BlobRef(digest, 20))),
        List.of(
            point("full-2", "full", 10_000_000, 0.4),
            point("full-3", "full", 12_000_000, klAtThreeBits),
            point("full-4", "full", 16_000_000, 0.01),
            point("reference-8", "reference", 30_000_000, 0.0)),
        publishedAt);
  }

  private static Point point(String id, String ladder, long bytes, double meanKl) {
    return new Point(
        id, ladder, 4, 4, bytes, new Quality(7.5, 7.4, meanKl, 0.1, 1.0, 0.9), Map.of("dense", 0));
  }
}
