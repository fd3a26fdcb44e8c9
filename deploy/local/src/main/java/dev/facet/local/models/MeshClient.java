package dev.facet.local.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** Talks to a running mesh through its one origin. */
public final class MeshClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int FIRST_ERROR = 400;

  private final URI origin;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  public MeshClient(URI origin) {
    this.origin = origin;
  }

  /** All models. */
  public List<ImportedModel> models() throws IOException, InterruptedException {
    JsonNode models = send(request("/v1/models").GET()).path("models");
    return StreamSupport.stream(models.spliterator(), false).map(ImportedModel::read).toList();
  }

  /** All models as the mesh shows them. */
  public JsonNode modelsJson() throws IOException, InterruptedException {
    return send(request("/v1/models").GET()).path("models");
  }

  /**
   * Asks for an import.
   *
   * @param id null to let the mesh choose one
   * @param calibration a text to measure the model on; null for the mesh's own
   * @return the id of the model
   * @throws ProblemException when the mesh refuses
   */
  public String startImport(String source, String id, String calibration)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("source", source);
    if (id != null) {
      body.put("id", id);
    }
    if (calibration != null) {
      body.put("calibration", calibration);
    }
    HttpRequest.Builder request =
        request("/v1/models")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    HttpResponse<String> response = http.send(request.build(), text());
    JsonNode answer = checked(response);
    String location = response.headers().firstValue("Location").orElse("");
    return location.isEmpty()
        ? answer.path("id").asText()
        : location.substring(location.lastIndexOf('/') + 1);
  }

  /** One model. */
  public ImportedModel model(String id) throws IOException, InterruptedException {
    return ImportedModel.read(send(request("/v1/models/" + id).GET()));
  }

  /** Whether a browser that opens the origin gets the page. */
  public boolean servesPage() throws InterruptedException {
    try {
      return http.send(request("/").GET().build(), text()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(origin.resolve(path))
        .timeout(TIMEOUT)
        .header("Accept", "application/json, application/problem+json, text/html");
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return checked(http.send(request.build(), text()));
  }

  private static JsonNode checked(HttpResponse<String> response) {
    JsonNode body = parse(response.body());
    if (response.statusCode() >= FIRST_ERROR) {
      throw new ProblemException(response.statusCode(), body);
    }
    return body;
  }

  private static JsonNode parse(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }
}
