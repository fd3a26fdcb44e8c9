package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.local.integration.SharedMesh.Running;
import dev.facet.local.process.ProcessRecord;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What browsers get while Kafka is away. */
@Order(5)
@ExtendWith(SharedMesh.class)
class KafkaOutageIT {

  private static final Duration RECOVERY = Duration.ofSeconds(90);
  private static final String MODEL = "steady";

  @Test
  void plansAndShardsAreServedAndMeasurementsAreAskedForLater(Running mesh) throws Exception {
    // Given
    Origin origin = mesh.origin();
    mesh.models().publish(CheckpointFolder.small(), MODEL);
    Browser browser = Browser.open(origin, "chromium", 2);
    JsonNode plan = browser.planOncePublished(MODEL);
    JsonNode batch = browser.generation(plan, 10);

    // When Kafka is killed, and the one that takes its place is held up
    ProcessRecord killed = kafka(mesh);
    killed.find().orElseThrow().destroyForcibly();
    await().atMost(RECOVERY).until(() -> kafka(mesh).pid() != killed.pid());
    signal("-STOP", kafka(mesh));

    // Then
    try {
      assertThat(browser.plan(MODEL).path("bundle")).isEqualTo(plan.path("bundle"));
      Browser newcomer = Browser.open(origin, "webkit", 8);
      assertThat(newcomer.plan(MODEL).path("bundle").asText()).isNotEmpty();
      assertThatShardsAreServed(origin, plan);
      Answer refused = browser.send(batch).expect(503);
      assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
    } finally {
      signal("-CONT", kafka(mesh));
    }

    // When it serves again, the batch that was refused is sent again as it is
    await().atMost(RECOVERY).until(() -> browser.send(batch).status() == 202);

    // Then
    String path = "/v1/telemetry/aggregates?model=" + MODEL;
    await()
        .atMost(RECOVERY)
        .until(() -> origin.get(path).json().at("/cells/0/generations").asInt() > 0);
    assertThat(origin.get(path).json().at("/cells/0/generations").asInt()).isEqualTo(1);
  }

  private static void assertThatShardsAreServed(Origin origin, JsonNode plan) {
    String bundle = plan.path("bundle").asText();
    JsonNode frame = origin.get("/v1/bundles/" + bundle).expect(200).json().at("/frames/1");
    byte[] shard = origin.get("/v1/shards/" + frame.path("sha256").asText()).expect(200).body();
    assertThat(Frames.sha256(shard)).isEqualTo(frame.path("sha256").asText());
    assertThat(Frames.parse(origin.get("/v1/streams/" + bundle).expect(200).body())).isNotEmpty();
  }

  private static ProcessRecord kafka(Running mesh) {
    return mesh.mesh().process("kafka").orElseThrow();
  }

  private static void signal(String signal, ProcessRecord process)
      throws IOException, InterruptedException {
    String pid = String.valueOf(process.pid());
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }
}
