package dev.facet.local.integration;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One page's stay: registered, with a session of its own.
 *
 * @param session the token that its measurements carry
 */
record Browser(Origin origin, String profile, String deviceClass, String session) {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration PLANNABLE = Duration.ofSeconds(90);

  private static final String REPORT =
      """
      { "schema": "facet-report/1", "engine": { "family": "%s", "mobile": false }, "webgpu": null,
        "wasm": { "simd": true, "relaxedSimd": false, "threads": false, "memory64": false },
        "webnn": { "available": false }, "crossOriginIsolated": true,
        "memory": { "deviceMemoryGiB": %s }, "cpu": { "cores": 4 }, "probeMs": 12.5 }
      """;

  private static final String GENERATION =
      """
      { "id": "%s", "type": "generation", "at": "%s", "plan": "%s", "bundle": "%s", "model": "%s",
        "point": "%s", "backend": "wasm", "promptTokens": 12, "tokens": 64,
        "timeToFirstTokenMs": 80, "prefillMsPerToken": 6, "decodeMsPerToken": %s,
        "cancelled": false }
      """;

  /** A browser without a GPU; engine and memory decide its device class. */
  static String report(String engine, int memoryGib) {
    return REPORT.formatted(engine, memoryGib);
  }

  static Browser open(Origin origin, String engine, int memoryGib) {
    JsonNode answer =
        origin
            .post("/v1/profiles", "application/json", report(engine, memoryGib))
            .expect(201)
            .json();
    return new Browser(
        origin,
        answer.path("profile").asText(),
        answer.path("deviceClass").asText(),
        answer.path("session").asText());
  }

  Answer askPlan(String model) {
    ObjectNode body = JSON.createObjectNode().put("profile", profile).put("model", model);
    return origin.post("/v1/plans", body);
  }

  JsonNode plan(String model) {
    return askPlan(model).expect(200).json();
  }

  /** The first plan after a publication, which takes a moment to come around. */
  JsonNode planOncePublished(String model) {
    await("plan for " + model)
        .atMost(PLANNABLE)
        .until(() -> askPlan(model).status() == 200 && fetchable(plan(model)));
    return plan(model);
  }

  private boolean fetchable(JsonNode plan) {
    return origin.get("/v1/bundles/" + plan.path("bundle").asText()).status() == 200;
  }

  /** A batch with one generation that took so long a token. */
  JsonNode generation(JsonNode plan, double decodeMsPerToken) {
    Instant now = Instant.now();
    ObjectNode batch =
        JSON.createObjectNode().put("session", session).put("sentAt", now.toString());
    batch
        .putArray("events")
        .add(
            read(
                GENERATION.formatted(
                    UUID.randomUUID(),
                    now.minusMillis(5),
                    plan.path("plan").asText(),
                    plan.path("bundle").asText(),
                    plan.path("model").asText(),
                    plan.path("point").path("id").asText(),
                    decodeMsPerToken)));
    return batch;
  }

  Answer send(JsonNode batch) {
    return origin.post("/v1/telemetry", batch);
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
