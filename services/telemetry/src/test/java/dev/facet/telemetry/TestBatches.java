package dev.facet.telemetry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;

/** Batches as browsers send them. */
public final class TestBatches {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TestBatches() {}

  /** A batch without a session. */
  public static ObjectNode batch(ObjectNode... events) {
    ObjectNode batch = JSON.createObjectNode();
    batch.put("sentAt", Instant.now().toString());
    ArrayNode array = batch.putArray("events");
    for (ObjectNode event : events) {
      array.add(event);
    }
    return batch;
  }

  /** A batch of a session. */
  public static ObjectNode batchOf(String token, ObjectNode... events) {
    return batch(events).put("session", token);
  }

  public static ObjectNode load(String model, String point) {
    return planned("load", model, point)
        .put("bytes", 17_447_916)
        .put("downloadMs", 812.5)
        .put("readyMs", 1290.25)
        .put("cacheHits", 3);
  }

  public static ObjectNode generation(String model, String point, double decodeMsPerToken) {
    return planned("generation", model, point)
        .put("promptTokens", 12)
        .put("tokens", 64)
        .put("timeToFirstTokenMs", 96.5)
        .put("prefillMsPerToken", 7.75)
        .put("decodeMsPerToken", decodeMsPerToken)
        .put("cancelled", false);
  }

  /** A failure from before there was a plan. */
  public static ObjectNode failure(String model) {
    return event("failure", model)
        .putNull("plan")
        .putNull("bundle")
        .putNull("point")
        .putNull("backend")
        .put("code", "nothing-fits")
        .put("stage", "plan");
  }

  private static ObjectNode planned(String type, String model, String point) {
    return event(type, model)
        .put("plan", UUID.randomUUID().toString())
        .put("bundle", model + "~4f2c9a1b77de~" + point + "~wasm~0a1b2c3d4e5f")
        .put("point", point)
        .put("backend", "wasm")
        .put("pinned", false);
  }

  private static ObjectNode event(String type, String model) {
    return JSON.createObjectNode()
        .put("id", UUID.randomUUID().toString())
        .put("type", type)
        .put("at", Instant.now().toString())
        .put("model", model);
  }
}
