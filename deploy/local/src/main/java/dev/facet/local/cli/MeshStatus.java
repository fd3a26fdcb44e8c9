package dev.facet.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.local.mesh.DataDirectory;
import dev.facet.local.mesh.MeshState;
import dev.facet.local.models.MeshClient;
import dev.facet.local.models.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a running mesh is.
 *
 * @param models what {@code GET /v1/models} lists; missing when it does not answer
 */
record MeshStatus(
    MeshState state, DataDirectory data, List<ProcessStatus> processes, JsonNode models) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static MeshStatus of(MeshState state, DataDirectory data) throws InterruptedException {
    List<ProcessStatus> processes =
        Stream.concat(Stream.of(state.launcher()), state.processes().stream())
            .parallel()
            .map(ProcessStatus::of)
            .toList();
    return new MeshStatus(state, data, processes, models(state));
  }

  private static JsonNode models(MeshState state) throws InterruptedException {
    try {
      return new MeshClient(URI.create(state.url())).modelsJson();
    } catch (IOException | ProblemException e) {
      return MissingNode.getInstance();
    }
  }

  boolean healthy() {
    return state.ready() && processes.stream().allMatch(ProcessStatus::up);
  }

  ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("running", true).put("ready", state.ready()).put("healthy", healthy());
    json.put("url", state.url()).put("data", data.path().toString());
    var list = json.putArray("processes");
    processes.forEach(process -> list.add(process.toJson(JSON.createObjectNode())));
    json.set("models", models.isMissingNode() ? JSON.nullNode() : models);
    return json;
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    String condition = healthy() ? "ready" : state.ready() ? "degraded" : "starting";
    text.append("Facet is %s: %s%n".formatted(condition, state.url()));
    text.append("Data: %s%n%n".formatted(data.path()));
    text.append(ProcessStatus.heading());
    processes.forEach(process -> text.append(process.toText()));
    text.append(System.lineSeparator()).append(modelLines());
    return text.toString();
  }

  private String modelLines() {
    if (models.isMissingNode()) {
      return "Models: not known, quantization does not answer%n".formatted();
    }
    if (models.isEmpty()) {
      return "No model yet: ./facet import SOURCE%n".formatted();
    }
    StringBuilder lines = new StringBuilder("Models%n".formatted());
    for (JsonNode model : models) {
      lines.append(
          String.format(
              Locale.ROOT,
              "  %-24s %-10s %8.1f M parameters, %d points%n",
              model.path("id").asText(),
              model.path("state").asText(),
              model.path("parameters").asDouble() / 1e6,
              model.path("points").size()));
    }
    return lines.toString();
  }
}
