package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.local.integration.SharedMesh.Running;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that nobody can read end on the dead-letter topic, and those behind them are read. */
@Order(4)
@ExtendWith(SharedMesh.class)
class PoisonRecordIT {

  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final List<String> BODIES =
      List.of("\u0000\u0001not JSON", "null", "[]", "{}", "{\"model\":[],\"revision\":{}}");

  static Stream<Arguments> topics() {
    return Stream.of(
        Arguments.of("device-profiles", "device.profiled.v1", List.of("telemetry")),
        Arguments.of(
            "model-published",
            "model.published.v1",
            List.of("telemetry", "capability-detection", "shard-streaming")),
        Arguments.of("kernels-published", "kernels.published.v1", List.of("capability-detection")),
        Arguments.of(
            "precision-policies", "precision.policy.changed.v1", List.of("capability-detection")),
        Arguments.of("shards-delivered", "shards.delivered.v1", List.of("telemetry")),
        Arguments.of("client-metrics", "client.metrics.reported.v1", List.of("telemetry")),
        Arguments.of("quantization-tasks", "import.task.requested.v1", List.of("quantization")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("topics")
  void poisonIsPutAsideByEveryReader(
      String topic, String type, List<String> services, Running mesh) {
    // Given
    Records records = mesh.records();
    String key = "poison-" + UUID.randomUUID();

    // When
    RecordMetadata last = records.write(topic, key, "no headers".getBytes(), Map.of());
    for (String body : BODIES) {
      last = records.write(topic, key, body.getBytes(StandardCharsets.UTF_8), headers(type));
    }

    // Then
    long next = last.offset() + 1;
    for (String service : services) {
      String group = service.equals("quantization") ? service : service + "." + topic;
      await(group)
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(records.committed(group, topic)).isGreaterThanOrEqualTo(next));
    }
    int expected = (BODIES.size() + 1) * services.size();
    await(topic + ".dlq")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(records.count(topic + ".dlq", key)).isEqualTo(expected));
  }

  private static Map<String, String> headers(String type) {
    return Map.of(
        "ce_id",
        UUID.randomUUID().toString(),
        "ce_type",
        type,
        "ce_time",
        Instant.now().toString(),
        "ce_source",
        "/facet/poison");
  }

  @Test
  void afterAllThatTheMeshStillWorks(Running mesh) {
    // When
    mesh.models().publish(CheckpointFolder.small(), "after-poison");

    // Then
    Browser browser = Browser.open(mesh.origin(), "chromium", 4);
    JsonNode plan = browser.planOncePublished("after-poison");
    browser.send(browser.generation(plan, 10)).expect(202);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                mesh.origin()
                        .get("/v1/telemetry/aggregates?model=after-poison")
                        .json()
                        .at("/cells/0/generations")
                        .asInt()
                    == 1);
  }
}
