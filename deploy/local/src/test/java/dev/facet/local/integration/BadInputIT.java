package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.local.integration.SharedMesh.Running;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of bad input gets a problem that says what and where, and harms nothing. */
@Order(3)
@ExtendWith(SharedMesh.class)
class BadInputIT {

  private static final String MISSING_DIGEST = "0".repeat(64);
  private static final String NORM = "model.norm.weight";
  private static final Pattern INSIDES =
      Pattern.compile("\\bat [a-z]+\\.[\\w.$]+\\(|Exception|\\b(java|dev|io)\\.\\w+\\.\\w+|<html");

  private Running mesh;
  private Origin origin;
  private List<String> modelsBefore;

  @BeforeEach
  void rememberModels(Running running) {
    mesh = running;
    origin = running.origin();
    modelsBefore = running.models().ids();
  }

  @AfterEach
  void everyServiceIsStillUp() {
    mesh.services()
        .forEach(
            (service, direct) ->
                assertThat(direct.get("/q/health").status()).as(service.folder()).isEqualTo(200));
  }

  static Stream<Arguments> brokenCheckpoints() {
    CheckpointFolder whole = CheckpointFolder.small();
    String weights = CheckpointFolder.WEIGHTS;
    String config = CheckpointFolder.CONFIG;
    return Stream.of(
        arguments("truncated", whole.with(weights, b -> Arrays.copyOf(b, b.length - 100)), weights),
        arguments("cut in the header", whole.with(weights, b -> Arrays.copyOf(b, 100)), weights),
        arguments("empty", whole.with(weights, b -> new byte[0]), weights),
        arguments("too long", whole.with(weights, b -> Arrays.copyOf(b, b.length + 64)), weights),
        arguments(
            "overlapping",
            whole.withHeader(h -> h.replace("[65536,131072]", "[65534,131072]")),
            "model.embed_tokens.weight"),
        arguments(
            "of another shape", whole.withHeader(h -> h.replace("[512,64]", "[64,512]")), weights),
        arguments(
            "without a tensor", whole.withHeader(h -> h.replace(NORM, "model.nork.weight")), NORM),
        arguments(
            "fewer layers than configured",
            whole.replacing(config, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
            "model.layers.2."),
        arguments(
            "of an unknown element type",
            whole.withHeader(h -> h.replaceFirst("BF16", "F8_E4M3")),
            "F8_E4M3"),
        arguments(
            "of an unknown architecture",
            whole.replacing(config, "LlamaForCausalLM", "MambaForCausalLM"),
            "MambaForCausalLM"),
        arguments("without weights", whole.without(weights), weights),
        arguments("without a tokenizer", whole.without("tokenizer.json"), "tokenizer.json"),
        arguments("without a configuration", whole.without(config), config),
        arguments("not JSON", whole.with(config, b -> "{ \"hidden".getBytes()), config),
        arguments(
            "a broken tokenizer", whole.with("tokenizer.json", b -> "{}".getBytes()), "tokenizer"),
        arguments(
            "an index that leads outside",
            whole
                .without(weights)
                .with(
                    "model.safetensors.index.json",
                    none ->
                        "{\"weight_map\":{\"%s\":\"../small/model.safetensors\"}}"
                            .formatted(NORM)
                            .getBytes()),
            "../small/model.safetensors"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenCheckpoints")
  void aBrokenCheckpointIsRefusedBeforeAnythingIsStored(
      String what, CheckpointFolder checkpoint, String where) {
    // When
    Answer answer = mesh.models().begin(checkpoint, "broken-" + what.replaceAll("[^a-z]", "-"));

    // Then
    assertProblem(answer, 422, where);
    assertThat(mesh.models().ids()).isEqualTo(modelsBefore);
  }

  /** Weights are read by workers only, after the import was accepted. */
  @Test
  void aWeightThatIsNotFiniteFailsTheImportAndNothingIsPublished() {
    // Given
    CheckpointFolder checkpoint =
        CheckpointFolder.small().with(CheckpointFolder.WEIGHTS, Safetensors::endingInNan);

    // When
    mesh.models().begin(checkpoint, "not-finite").expect(202);

    // Then
    JsonNode problem = mesh.models().awaitEnd("not-finite", "failed").path("problem");
    assertThat(problem.path("detail").asText()).contains("not finite", "model.norm.weight");
    assertThat(mesh.records().count("model-published", "not-finite")).isZero();
    assertProblem(Browser.open(origin, "other", 8).askPlan("not-finite"), 404, "not-finite");
    origin.delete("/v1/models/not-finite").expect(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secrets", "/etc", "a/../../secrets", "..\\\\secrets", "file:/etc", "nowhere"})
  void aSourceThatIsNoFolderOfModelsIsRefused(String source) {
    Answer answer = mesh.models().begin(source, "outside");
    assertThat(answer.status()).isBetween(400, 499);
    assertProblem(answer, answer.status(), source);
    assertThat(mesh.models().ids()).isEqualTo(modelsBefore);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "cores": 4            | "cores": 0            | cores
          "cores": 4            | "cores": "many"       | cores
          "family": "chromium"  | "family": "netscape"  | family
          facet-report/1        | facet-report/9        | schema
          "simd": true,         |                       | simd
          "deviceMemoryGiB": 8  | "deviceMemoryGiB": -1 | deviceMemoryGiB
          "cpu": { "cores": 4 } | "cpu": null           | cpu
          """)
  void aMalformedReportIsRefusedByField(String text, String by, String where) {
    String report = Browser.report("chromium", 8);
    assertThat(report).contains(text);
    String broken = report.replace(text, by == null ? "" : by);
    assertProblem(origin.post("/v1/profiles", "application/json", broken), 400, where);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/profiles", "/v1/plans", "/v1/models", "/v1/telemetry"})
  void whatIsNotJsonIsRefused(String path) {
    assertProblem(origin.post(path, "application/json", "{ \"a\": "), 400, "");
    assertProblem(origin.post(path, "application/json", ""), 400, "");
    assertProblem(origin.post(path, "application/json", "[[[]]]"), 400, "");
    assertProblem(origin.post(path, "application/xml", "<a/>"), 415, "");
  }

  @Test
  void malformedTelemetryIsRefusedByPointer() {
    // Given
    Browser browser = Browser.open(origin, "other", 8);
    JsonNode plan = browser.plan("small");
    JsonNode batch = browser.generation(plan, 10);
    ((ObjectNode) batch.at("/events/0")).put("tokens", -1).put("at", "yesterday");

    // When
    Answer answer = browser.send(batch);

    // Then
    assertProblem(answer, 400, "#/events/0/tokens");
    assertThat(answer.text()).contains("#/events/0/at");
  }

  @Test
  void aForgedSessionIsRefused() {
    // Given
    Browser browser = Browser.open(origin, "other", 8);
    ObjectNode batch = (ObjectNode) browser.generation(browser.plan("small"), 10);
    String token = browser.session();

    // When
    batch.put("session", token.substring(0, token.length() - 4) + "AAAA");

    // Then
    assertProblem(browser.send(batch), 401, "");
  }

  static Stream<Arguments> unknownNames() {
    String bundle = "small~000000000000~full-4~wasm~000000000000";
    return Stream.of(
        arguments("/v1/shards/" + MISSING_DIGEST, 404, MISSING_DIGEST),
        arguments("/v1/kernels/" + MISSING_DIGEST, 404, MISSING_DIGEST),
        arguments("/v1/bundles/" + bundle, 404, bundle),
        arguments("/v1/streams/" + bundle, 404, bundle),
        arguments("/v1/shards/abc", 400, "abc"),
        arguments("/v1/shards/..%2F..%2Fsecrets%2Fsession", 400, ""),
        arguments("/v1/bundles/abc", 400, "abc"),
        arguments("/v1/models/nobody", 404, "nobody"),
        arguments("/v1/models/nobody/report", 404, "nobody"),
        arguments("/v1/models/nobody/events", 404, "nobody"),
        arguments("/v1/models/NOBODY", 400, "NOBODY"),
        arguments("/v1/profiles/00000000-0000-0000-0000-000000000000", 404, "00000000-"),
        arguments("/v1/plans/00000000-0000-0000-0000-000000000000", 404, "00000000-"),
        arguments("/v1/policies/small/unheard-of", 404, "unheard-of"),
        arguments("/v1/nothing", 404, ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unknownNames")
  void anUnknownNameIsToldSo(String path, int status, String where) {
    assertProblem(origin.get(path), status, where);
  }

  @Test
  void aPlanForAnUnknownModelOrProfileIsRefused() {
    Browser browser = Browser.open(origin, "other", 8);
    assertProblem(browser.askPlan("nobody"), 404, "nobody");
    Browser stranger = new Browser(origin, "00000000-0000-4000-8000-000000000000", "", "");
    assertProblem(stranger.askPlan("small"), 404, "00000000-0000-4000-8000-000000000000");
  }

  private static void assertProblem(Answer answer, int status, String where) {
    assertThat(answer.status()).as(answer.request() + ": " + answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type"))
        .as(answer.text())
        .startsWith("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(unescaped(problem)).contains(where);
    assertThat(answer.text()).doesNotContainPattern(INSIDES);
  }

  private static String unescaped(JsonNode problem) {
    StringBuilder words = new StringBuilder();
    problem
        .fields()
        .forEachRemaining(
            e ->
                words
                    .append(e.getKey())
                    .append(' ')
                    .append(
                        e.getValue().isTextual() ? e.getValue().asText() : e.getValue().toString())
                    .append('\n'));
    return words.toString();
  }
}
