package dev.facet.local.integration;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Models of a running mesh.
 *
 * @param directory the models directory
 */
record Models(Origin origin, Path directory) {

  private static final Duration IMPORT = Duration.ofMinutes(5);

  /** Puts a checkpoint in the models directory and asks for its import. */
  Answer begin(CheckpointFolder checkpoint, String id) {
    checkpoint.writeTo(directory.resolve(id));
    return begin(id, id);
  }

  Answer begin(String source, String id) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("source", source);
    if (id != null) {
      body.put("id", id);
    }
    return origin.post("/v1/models", body);
  }

  /** Imports a checkpoint and waits until its last edition is published. */
  JsonNode publish(CheckpointFolder checkpoint, String id) {
    begin(checkpoint, id).expect(202);
    return awaitEnd(id, "published");
  }

  JsonNode awaitEnd(String id, String state) {
    await("import of " + id)
        .atMost(IMPORT)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> ended(one(id)));
    JsonNode model = one(id);
    if (!model.path("state").asText().equals(state)) {
      throw new AssertionError(id + " should be " + state + ": " + model);
    }
    return model;
  }

  private static boolean ended(JsonNode model) {
    return !model.path("state").asText().equals("importing")
        && !model.path("improving").asBoolean();
  }

  JsonNode one(String id) {
    return origin.get("/v1/models/" + id).expect(200).json();
  }

  List<String> ids() {
    List<String> ids = new ArrayList<>();
    origin
        .get("/v1/models")
        .expect(200)
        .json()
        .path("models")
        .forEach(model -> ids.add(model.path("id").asText()));
    return ids;
  }
}
