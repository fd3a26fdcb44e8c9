package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.local.integration.SharedMesh.Running;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Measurements of browsers move the plans of the next ones. */
@Order(2)
@ExtendWith(SharedMesh.class)
class TuningIT {

  private static final String MODEL = "tuned";
  private static final Duration LOOP = Duration.ofSeconds(90);
  private static final int SESSIONS = 3;
  private static final double SLOW = Running.TARGET_MS_PER_TOKEN * 2;
  private static final double FAST = Running.TARGET_MS_PER_TOKEN / 10;

  @Test
  void slowSessionsTakeBitsAwayAndFastOnesBringThemBack(Running mesh) {
    // Given
    Origin origin = mesh.origin();
    mesh.models().publish(CheckpointFolder.small(), MODEL);
    Browser browser = browser(origin);
    JsonNode richest = browser.planOncePublished(MODEL);

    // When sessions miss the target
    measure(origin, richest, SLOW);

    // Then
    JsonNode fewer = awaitOtherPoint(browser, richest);
    assertThat(bytes(fewer)).isLessThan(bytes(richest));
    assertThat(because(fewer)).contains("misses the target", "fewer bits");
    assertThat(point(policy(origin, browser))).isEqualTo(point(fewer));
    assertThat(origin.get("/v1/bundles/" + fewer.path("bundle").asText()).status()).isEqualTo(200);

    // When the cause has gone
    measure(origin, fewer, FAST);

    // Then
    JsonNode back = awaitOtherPoint(browser, fewer);
    assertThat(point(back)).isEqualTo(point(richest));
    assertThat(because(back)).contains("keeps the target", "more bits");
    assertThat(policy(origin, browser).path("history")).hasSize(2);
  }

  @Test
  void aggregatesCountWhatWasMeasuredAndAnEventSentTwiceOnce(Running mesh) {
    // Given
    Origin origin = mesh.origin();
    Browser other = Browser.open(origin, "webkit", 2);
    mesh.models().publish(CheckpointFolder.small(), "counted");
    JsonNode plan = other.planOncePublished("counted");
    JsonNode batch = other.generation(plan, FAST);

    // When
    assertThat(other.send(batch).expect(202).json().path("accepted").asInt()).isEqualTo(1);
    other.send(batch).expect(202);
    other.send(other.generation(plan, FAST)).expect(202);

    // Then
    String path = "/v1/telemetry/aggregates?model=counted&deviceClass=" + other.deviceClass();
    await()
        .atMost(LOOP)
        .until(() -> origin.get(path).json().at("/cells/0/generations").asInt() == 2);
    JsonNode cell = origin.get(path).json().path("cells").path(0);
    assertThat(cell.path("sessions").asInt()).isEqualTo(1);
    assertThat(cell.path("tokens").asInt()).isEqualTo(128);
    assertThat(cell.path("point").asText()).isEqualTo(point(plan));
    assertThat(cell.at("/decodeMsPerToken/p50").asDouble()).isBetween(FAST * 0.95, FAST * 1.05);
  }

  private static Browser browser(Origin origin) {
    return Browser.open(origin, "firefox", 4);
  }

  private static void measure(Origin origin, JsonNode plan, double msPerToken) {
    for (int i = 0; i < SESSIONS; i++) {
      Browser session = browser(origin);
      session.send(session.generation(plan, msPerToken)).expect(202);
    }
  }

  private static JsonNode awaitOtherPoint(Browser browser, JsonNode before) {
    await().atMost(LOOP).until(() -> !point(browser.plan(MODEL)).equals(point(before)));
    return browser.plan(MODEL);
  }

  private static JsonNode policy(Origin origin, Browser browser) {
    return origin
        .get("/v1/policies/%s/%s".formatted(MODEL, browser.deviceClass()))
        .expect(200)
        .json();
  }

  private static long bytes(JsonNode plan) {
    return plan.path("point").path("bytes").asLong();
  }

  /** A plan has its point as an object, a policy as a name. */
  private static String point(JsonNode planOrPolicy) {
    JsonNode point = planOrPolicy.path("point");
    return point.isTextual() ? point.asText() : point.path("id").asText();
  }

  private static String because(JsonNode plan) {
    return StreamSupport.stream(plan.path("reasons").spliterator(), false)
        .filter(reason -> reason.path("choice").asText().equals("precision"))
        .map(reason -> reason.path("because").asText())
        .findFirst()
        .orElse("");
  }
}
