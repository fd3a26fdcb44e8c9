package dev.facet.quantization.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.facet.kernel.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class BadInputComponentTest {
  private static final String NORM = "model.norm.weight";

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  private static ValidatableResponse post(Object body) {
    return given()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/v1/models")
        .then()
        .contentType("application/problem+json")
        .body(not(containsString("Exception")));
  }

  private static ValidatableResponse refused(ModelFolder folder, String problem) {
    ValidatableResponse answer =
        post(Map.of("source", folder.name())).statusCode(422).body("type", endsWith("/" + problem));
    given().get("/v1/models").then().body("models.id", not(hasItem(folder.name())));
    return answer;
  }

  @AfterEach
  void isStillUp() {
    given().get("/q/health/ready").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "../models", "a/../../b", "", ".", "nul\0", "C:\\x"})
  void refusesPathsThatLeaveTheModelsDirectory(String source) {
    ValidatableResponse answer = post(Map.of("source", source));

    if (source.isEmpty()) {
      answer.statusCode(400).body("violations.field", hasItem(endsWith("source")));
    } else {
      answer
          .statusCode(422)
          .body("type", endsWith("/source-outside-models"))
          .body("field", equalTo("source"));
    }
  }

  @Test
  void refusesALinkThatLeadsOut() throws IOException {
    ModelFolder inside = ModelFolder.copy();
    Path outside = Files.createTempDirectory("outside");
    Path link = ModelFolder.MODELS.resolve("link-" + inside.name());
    Files.createSymbolicLink(link, outside);

    post(Map.of("source", link.getFileName().toString()))
        .statusCode(422)
        .body("type", endsWith("/source-outside-models"));
  }

  @Test
  void saysThatAFolderIsNotThere() {
    post(Map.of("source", "nothing-here"))
        .statusCode(422)
        .body("type", endsWith("/source-not-found"))
        .body("field", equalTo("source"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/model", "file:///etc"})
  void saysWhichSourcesAreAccepted(String source) {
    post(Map.of("source", source))
        .statusCode(422)
        .body("type", endsWith("/source-not-supported"))
        .body("accepted", hasItem("folder under the models directory"));
  }

  @Test
  void saysWhichFieldOfTheBodyIsWrong() {
    post("{\"source\": \"x\", \"id\": \"No Good\"}")
        .statusCode(400)
        .body("violations.field", hasItem(endsWith("id")));
    post("{").statusCode(400);
    post("").statusCode(400);
    given().contentType("text/plain").body("x").post("/v1/models").then().statusCode(415);
    given().get("/v1/models/No%20Good").then().statusCode(400);
  }

  @Test
  void saysThatAnImageOfTheReportIsNotToBeHad() {
    given().accept("image/png").get("/v1/models/x/report").then().statusCode(406);
  }

  @Test
  void namesAMissingTokenizer() {
    refused(ModelFolder.copy().delete("tokenizer.json"), "checkpoint-file-missing")
        .body("file", equalTo("tokenizer.json"));
  }

  @Test
  void refusesATokenizerThatIsNone() {
    refused(ModelFolder.copy().edit("tokenizer.json", text -> "{}"), "tokenizer-malformed")
        .body("file", equalTo("tokenizer.json"));
  }

  @Test
  void namesAnUnknownArchitecture() {
    refused(
            ModelFolder.copy()
                .edit("config.json", text -> text.replace("LlamaForCausalLM", "GptOfTomorrow")),
            "architecture-unsupported")
        .body("found", equalTo("GptOfTomorrow"));
  }

  @Test
  void namesAMissingTensor() {
    refused(
            ModelFolder.copy().editHeader(header -> header.replace(NORM, "model.morn.weight")),
            "checkpoint-tensor-missing")
        .body("tensor", equalTo(NORM));
  }

  @Test
  void saysWhereAFileEnds() {
    refused(ModelFolder.copy().truncate(100), "safetensors-truncated")
        .body("file", equalTo("model.safetensors"))
        .body("detail", containsString("ends at byte"));
  }

  @Test
  void refusesAnUnknownElementType() {
    refused(
            ModelFolder.copy().editHeader(header -> header.replace("\"BF16\"", "\"Q4_0\"")),
            "safetensors-dtype")
        .body("detail", containsString("Q4_0"));
  }

  @Test
  void namesOverlappingTensors() {
    refused(ModelFolder.copy().editHeader(BadInputComponentTest::overlap), "safetensors-overlap")
        .body("file", equalTo("model.safetensors"));
  }

  /** Moves a tensor's first byte back into the one before it. */
  private static String overlap(String header) {
    JsonPath json = JsonPath.from(header);
    int begin = json.getInt("'" + NORM + "'.data_offsets[0]");
    int end = json.getInt("'" + NORM + "'.data_offsets[1]");
    String offsets = "[" + begin + "," + end + "]";
    assertThat(header).contains(offsets);
    return header.replace(offsets, "[" + (begin - 128) + "," + (end - 128) + "]");
  }

  @Test
  void namesATensorLargerThanItsShape() {
    refused(
            ModelFolder.copy()
                .edit(
                    "config.json",
                    text -> text.replace("\"hidden_size\": 64", "\"hidden_size\": 128")),
            "checkpoint-shape")
        .body("file", equalTo("model.safetensors"));
  }

  @Test
  void refusesAHeaderLongerThanTheFile() {
    refused(
            ModelFolder.copy()
                .rewrite(
                    "model.safetensors",
                    bytes -> {
                      bytes[6] = 1;
                      return bytes;
                    }),
            "safetensors-header-length")
        .body("file", equalTo("model.safetensors"));
  }

  @Test
  void refusesATextThatFillsNoWindow() {
    post(Map.of("source", ModelFolder.copy().name(), "calibration", "too short"))
        .statusCode(422)
        .body("type", endsWith("/text-too-short"));
  }

  @Test
  void failsAnImportWithNothingPublishedWhenAWeightIsNotFinite() {
    TaskLoop loop = new TaskLoop(connector);
    byte nan = (byte) 0x7f;
    ModelFolder folder = ModelFolder.copy().overwriteEnd((byte) 0xc0, nan);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("source", folder.name()))
        .post("/v1/models")
        .then()
        .statusCode(202);

    JsonPath model =
        await()
            .atMost(TaskLoop.PATIENCE)
            .until(
                () -> {
                  loop.forward();
                  return given().get("/v1/models/" + folder.name()).jsonPath();
                },
                shown -> shown.getString("state").equals("failed"));

    assertThat(model.getString("problem.type")).endsWith("/checkpoint-weight-not-finite");
    assertThat(model.getString("problem.file")).isEqualTo("model.safetensors");
    assertThat(model.getString("problem.tensor")).isNotBlank();
    assertThat(model.getList("points")).isEmpty();
    assertThat(loop.told("model-published")).isEmpty();
    assertThat(
            given()
                .accept("text/event-stream")
                .get("/v1/models/" + folder.name() + "/events")
                .asString())
        .contains("event:failed", "checkpoint-weight-not-finite");
  }

  @Test
  void failsAnImportWhoseCheckpointChangesMeanwhile() {
    TaskLoop loop = new TaskLoop(connector);
    ModelFolder folder = ModelFolder.copy();
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("source", folder.name()))
        .post("/v1/models")
        .then()
        .statusCode(202);
    folder.overwriteEnd((byte) 1, (byte) 0x3f);

    await()
        .atMost(TaskLoop.PATIENCE)
        .until(
            () -> {
              loop.forward();
              return given().get("/v1/models/" + folder.name()).jsonPath();
            },
            model -> model.getString("state").equals("failed"));

    given()
        .get("/v1/models/" + folder.name())
        .then()
        .body("problem.type", endsWith("/checkpoint-changed"));
  }
}
