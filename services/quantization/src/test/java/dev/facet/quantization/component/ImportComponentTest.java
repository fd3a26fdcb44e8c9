package dev.facet.quantization.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.facet.kernel.identity.Digest;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ImportComponentTest {
  private static final int GROUPS = 2 * 5 + 3;
  private static final int TASKS = 2 * GROUPS + 1;

  /** Told once the first edition is published: its tasks, and those of the step after it. */
  private static final int TOLD = TASKS + 4;

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  private TaskLoop loop;
  private ModelFolder folder;

  @BeforeEach
  void prepare() {
    loop = new TaskLoop(connector);
    folder = ModelFolder.copy();
  }

  /** Ends what is left of imports. */
  @AfterEach
  void withdrawAll() {
    given()
        .get("/v1/models")
        .jsonPath()
        .getList("models.id", String.class)
        .forEach(id -> given().delete("/v1/models/" + id));
  }

  private static ValidatableResponse post(Map<String, ?> body) {
    return given().contentType(ContentType.JSON).body(body).post("/v1/models").then();
  }

  private JsonPath awaitState(String id, String state) {
    return await()
        .atMost(TaskLoop.PATIENCE)
        .until(
            () -> {
              loop.forward();
              return given().get("/v1/models/" + id).jsonPath();
            },
            model -> model.getString("state").equals(state));
  }

  private JsonPath calibrated(String id) {
    return calibrated(Map.of("source", folder.name(), "id", id));
  }

  private JsonPath calibrated(Map<String, String> request) {
    post(request).statusCode(202);
    String id = request.get("id");
    return await()
        .atMost(TaskLoop.PATIENCE)
        .until(
            () -> {
              loop.forward();
              return given().get("/v1/models/" + id).jsonPath();
            },
            model -> "calibrated".equals(model.getString("edition.name")));
  }

  private JsonPath published(String id) {
    post(Map.of("source", folder.name(), "id", id)).statusCode(202);
    return awaitState(id, "published");
  }

  @Test
  void answersBeforeTheWorkIsDone() {
    post(Map.of("source", folder.name()))
        .statusCode(202)
        .header("Location", endsWith("/v1/models/" + folder.name()))
        .body("id", equalTo(folder.name()))
        .body("state", equalTo("importing"))
        .body("architecture", equalTo("llama"))
        .body("contextLength", equalTo(512))
        .body("progress.done", equalTo(0))
        .body("progress.total", greaterThan(TASKS - 1))
        .body("edition", nullValue())
        .body("improving", equalTo(false))
        .body("points", empty())
        .body("publishedAt", nullValue());
  }

  @ParameterizedTest
  @CsvSource({
    "src/test/resources/conformance/gemma3, gemma3",
    "src/test/resources/conformance/phi3, phi3",
    "src/test/resources/conformance/bert, bert",
    "../../samples/scenes-vlm, llava"
  })
  void everyArchitectureIsPublished(Path checkpoint, String architecture) {
    folder = ModelFolder.copy(checkpoint);

    JsonPath model = published("of-" + architecture);

    assertThat(model.getString("architecture")).isEqualTo(architecture);
    assertThat(model.getList("points.id"))
        .containsExactly("full-2", "full-3", "full-4", "reference-8");
    assertThat(model.getBoolean("improving"))
        .isEqualTo(!List.of("bert", "llava").contains(architecture));
  }

  @Test
  void publishesMeasuredPoints() {
    JsonPath model = published("measured");

    assertThat(model.getList("points.id"))
        .containsExactly("full-2", "full-3", "full-4", "reference-8");
    assertThat(model.getString("edition.name")).isEqualTo("rounded");
    assertThat(model.getBoolean("improving")).isTrue();
    List<Float> kl = model.getList("points.quality.meanKl", Float.class);
    assertThat(kl.get(0)).isGreaterThan(kl.get(2));
    assertThat(kl.get(2)).isGreaterThan(kl.get(3));
    assertThat(kl.get(3)).isBetween(0f, 0.002f);
    assertThat(model.getList("points.bytes", Long.class)).isSorted();
    assertThat(model.getList("points.quality.maxKl", Float.class)).doesNotContainNull();
  }

  @Test
  void replacesTheFirstEditionWithACalibratedOne() throws IOException {
    JsonPath model = calibrated("improved");

    assertThat(model.getString("state")).isEqualTo("published");
    assertThat(model.getBoolean("improving")).isFalse();
    assertThat(model.getLong("progress.done")).isEqualTo(model.getLong("progress.total"));
    assertThat(model.getList("points.ladder", String.class)).contains("full", "compact");
    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> loop.told("model-published", "improved").size() == 2);
    JsonPath first = loop.told("model-published", "improved").get(0);
    JsonPath second = loop.told("model-published", "improved").get(1);
    assertThat(second.getString("revision"))
        .isEqualTo(model.getString("edition.revision"))
        .isNotEqualTo(first.getString("revision"));
    assertThat(second.getList("ladders.name")).containsExactly("full", "compact", "reference");
    for (JsonPath event : List.of(first, second)) {
      for (String index : event.getList("ladders.index.sha256", String.class)) {
        for (Map<String, Object> shard :
            JsonPath.from(blob(index).toFile()).<Map<String, Object>>getList("shards")) {
          assertBlob((String) shard.get("sha256"), ((Number) shard.get("bytes")).longValue());
        }
      }
    }
  }

  @Test
  void calibrationBringsThePointsNearerToTheModel() throws IOException {
    String text =
        Files.readString(Path.of("../../samples/text/docs-dev.txt")).substring(50_000, 80_000);
    JsonPath model =
        calibrated(Map.of("source", folder.name(), "id", "nearer", "calibration", text));

    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> loop.told("model-published", "nearer").size() == 2);
    float rounded = meanKl(loop.told("model-published", "nearer").get(0), "full-4");
    assertThat(meanKl(model, "full-4")).isLessThan(rounded);
  }

  private static float meanKl(JsonPath model, String point) {
    return model.getFloat("points.find { it.id == '" + point + "' }.quality.meanKl");
  }

  @Test
  void calibratesAlikeEveryTimeAndLeavesNothingBehind() throws IOException {
    JsonPath first = calibrated("alike");
    long blobs = countBlobs();
    given().delete("/v1/models/alike").then().statusCode(204);

    JsonPath second = calibrated("alike");

    assertThat(second.getString("edition.revision")).isEqualTo(first.getString("edition.revision"));
    assertThat(countBlobs()).isEqualTo(blobs);
  }

  private static long countBlobs() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("target/component/blobs"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void tellsOthersOnceWhatWasPublished() {
    JsonPath model = published("told");

    await().atMost(TaskLoop.PATIENCE).until(() -> loop.told("model-published", "told").size() == 1);
    JsonPath event = loop.told("model-published", "told").get(0);
    assertThat(event.getString("model")).isEqualTo("told");
    assertThat(event.getString("revision")).isEqualTo(model.getString("edition.revision"));
    assertThat(event.getList("points.id")).hasSize(4);
    assertThat(event.getList("ladders.name")).containsExactly("full", "reference");
    assertThat(event.getInt("config.layers")).isEqualTo(2);
  }

  @Test
  void storesEveryShardOfItsLaddersUnderItsDigest() throws IOException {
    published("stored");

    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> loop.told("model-published", "stored").size() == 1);
    JsonPath event = loop.told("model-published", "stored").get(0);
    assertBlob(event.getString("tokenizer.sha256"), event.getLong("tokenizer.bytes"));
    for (String digest : event.getList("ladders.index.sha256", String.class)) {
      JsonPath index = JsonPath.from(blob(digest).toFile());
      assertThat(index.getString("format")).isEqualTo("facet-ladder/1");
      List<Map<String, Object>> shards = index.getList("shards");
      assertThat(shards).isNotEmpty();
      for (Map<String, Object> shard : shards) {
        assertBlob((String) shard.get("sha256"), ((Number) shard.get("bytes")).longValue());
      }
      assertThat(index.getList("tensors.name")).hasSize(2 * 9 + 3).doesNotHaveDuplicates();
    }
  }

  private static Path blob(String sha256) {
    return Path.of("target/component/blobs", sha256.substring(0, 2), sha256);
  }

  private static void assertBlob(String sha256, long bytes) throws IOException {
    byte[] content = Files.readAllBytes(blob(sha256));
    assertThat(content).hasSize(Math.toIntExact(bytes));
    assertThat(Digest.of(content).hex()).isEqualTo(sha256);
  }

  @Test
  void changesNothingWhenTheSameContentIsImportedAgain() {
    JsonPath first = published("again");

    post(Map.of("source", folder.name(), "id", "again"))
        .statusCode(202)
        .body("state", equalTo("published"))
        .body("importedAt", equalTo(first.getString("importedAt")));
    post(Map.of("source", ModelFolder.copy().name(), "id", "again"))
        .statusCode(202)
        .body("state", equalTo("published"));
    assertThat(loop.told("quantization-tasks", "again")).hasSize(TOLD);
  }

  @Test
  void refusesOtherContentUnderATakenId() {
    post(Map.of("source", folder.name(), "id", "taken")).statusCode(202);
    ModelFolder other = ModelFolder.copy().overwriteEnd((byte) 1, (byte) 0x3f);

    post(Map.of("source", other.name(), "id", "taken"))
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", endsWith("/model-exists"))
        .body("field", equalTo("id"));
  }

  @Test
  void givesTheSameRevisionAndDigestsForTheSameContent() {
    JsonPath first = published("same");
    await().atMost(TaskLoop.PATIENCE).until(() -> loop.told("model-published", "same").size() == 1);
    given().delete("/v1/models/same").then().statusCode(204);
    folder = ModelFolder.copy();

    JsonPath second = published("same");

    await().atMost(TaskLoop.PATIENCE).until(() -> loop.told("model-published", "same").size() == 3);
    List<JsonPath> told = loop.told("model-published", "same");
    assertThat(second.getString("revision")).isEqualTo(first.getString("revision"));
    assertThat(told.get(2).getList("ladders.index.sha256"))
        .isEqualTo(told.get(0).getList("ladders.index.sha256"));
  }

  @Test
  void withdrawsAModel() {
    published("withdrawn");

    given().delete("/v1/models/withdrawn").then().statusCode(204);

    given().get("/v1/models/withdrawn").then().statusCode(404);
    given().get("/v1/models").then().body("models.id", not(hasItem("withdrawn")));
    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> loop.told("model-published", "withdrawn").size() == 2);
    assertThat(loop.told("model-published", "withdrawn").get(1).getString("withdrawnAt"))
        .isNotNull();
  }

  @Test
  void endsARunningImportThatIsWithdrawn() {
    post(Map.of("source", folder.name(), "id", "stopped")).statusCode(202);

    given().delete("/v1/models/stopped").then().statusCode(204);

    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> loop.told("quantization-tasks", "stopped").size() >= TASKS - 1);
    loop.forward();
    published("after");
    await().atMost(TaskLoop.PATIENCE).until(() -> !loop.told("model-published", "after").isEmpty());
    assertThat(loop.told("model-published", "stopped")).isEmpty();
    given().get("/v1/models/stopped").then().statusCode(404);
  }

  @Test
  void reportsWhatQuantizationHasCost() {
    published("reported");

    given()
        .get("/v1/models/reported/report")
        .then()
        .statusCode(200)
        .body("points.point.id", contains("full-2", "full-3", "full-4", "reference-8"))
        .body("points[0].bits.'layers.1.down'", equalTo(2))
        .body("layers.layer", contains("embedding", "layers.0", "layers.1", "head"))
        .body("layers[1].bits.full-3", equalTo(3f))
        .body("layers[0].bits.full-3", equalTo(6f))
        .body("worst.full.size()", equalTo(5))
        .body("worst.full.tensor", everyItem(notNullValue()))
        .body("worst.full[0].relativeError", greaterThan(0.05f))
        .body("worst.reference[0].relativeError", lessThan(0.02f));
  }

  @Test
  void sendsABrowserToThePageOfTheReport() {
    published("paged");

    given()
        .accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .redirects()
        .follow(false)
        .get("/v1/models/paged/report")
        .then()
        .statusCode(303)
        .header("Location", equalTo("/report?model=paged"));
    given().accept("*/*").get("/v1/models/paged/report").then().body("model", equalTo("paged"));
  }

  @Test
  void hasAReportOnlyOncePublished() {
    post(Map.of("source", folder.name(), "id", "early")).statusCode(202);

    given()
        .get("/v1/models/early/report")
        .then()
        .statusCode(409)
        .body("type", endsWith("/model-not-published"))
        .body("state", equalTo("importing"));
  }

  @Test
  void measuresOnTheTextGiven() throws IOException {
    String text = Files.readString(Path.of("../../samples/text/docs-dev.txt")).substring(50_000);
    published("own-text-not");
    post(Map.of(
            "source", folder.name(), "id", "own-text", "calibration", text.substring(0, 20_000)))
        .statusCode(202);

    JsonPath model = awaitState("own-text", "published");

    JsonPath other = given().get("/v1/models/own-text-not").jsonPath();
    assertThat(model.getDouble("points[0].quality.baselinePerplexity"))
        .isNotEqualTo(other.getDouble("points[0].quality.baselinePerplexity"));
  }

  @Test
  void streamsProgressToTheEnd() {
    calibrated("streamed");

    String events =
        given().accept("text/event-stream").get("/v1/models/streamed/events").asString();

    assertThat(events).contains("event:published", "\"improving\":false", "\"secondsLeft\":null");
  }

  @Test
  void countsItsWork() {
    published("counted");

    String metrics = given().get("/q/metrics").asString();

    assertThat(metrics)
        .contains("facet_encode_seconds_count", "facet_blobs_written_bytes_total")
        .contains("facet_tasks_done_total");
  }
}
