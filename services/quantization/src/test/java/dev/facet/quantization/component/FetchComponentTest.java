package dev.facet.quantization.component;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.quantization.adapter.download.LocalHub;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(value = HubResource.class, restrictToAnnotatedClass = true)
class FetchComponentTest {
  private static final String SOURCE = "hf:maker/model";
  private static final String WEIGHTS = "model.safetensors";

  LocalHub hub;

  private final String id = "fetched-" + UUID.randomUUID();

  private ValidatableResponse post(String source) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("source", source, "id", id))
        .post("/v1/models")
        .then();
  }

  private JsonPath awaitState(String state) {
    await().atMost(TaskLoop.PATIENCE).until(() -> model().getString("state"), equalTo(state));
    return model();
  }

  private JsonPath model() {
    return given().get("/v1/models/" + id).then().extract().jsonPath();
  }

  @AfterEach
  void withdraw() {
    given().delete("/v1/models/" + id);
    given().get("/v1/models/" + id).then().statusCode(404);
    given().get("/q/health/ready").then().statusCode(200);
  }

  @Test
  void aRepositoryIsFetchedAndThenImported() {
    post(SOURCE)
        .statusCode(202)
        .header("Location", endsWith("/v1/models/" + id))
        .body("id", equalTo(id));

    JsonPath model = awaitState("importing");
    org.assertj.core.api.Assertions.assertThat(model.getString("revision")).matches("[0-9a-f]{12}");
    // The same again changes nothing, by branch or by commit.
    post(SOURCE).statusCode(202).body("revision", equalTo(model.getString("revision")));
    post(SOURCE + "@" + LocalHub.COMMIT).statusCode(202);
    // Another source does not take the id over.
    post(hub.url("127.0.0.1") + "/plain/")
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", endsWith("/model-source-differs"))
        .body("existingSource", equalTo(SOURCE + "@" + LocalHub.COMMIT));
  }

  @Test
  void whatIsNotAsAnnouncedFailsTheImportAndCanBeTriedAgain() {
    hub.override(
        WEIGHTS,
        (request, content) ->
            hub.redirect(request, WEIGHTS, Digest.of(new byte[3]).hex(), content.length));
    String base = SOURCE + "@" + LocalHub.COMMIT;

    post(base).statusCode(202);
    JsonPath failed = awaitState("failed");
    org.assertj.core.api.Assertions.assertThat(failed.getString("problem.type"))
        .endsWith("/source-digest");
    given().get("/v1/models").then().body("models.id", hasItem(id));
    given()
        .get("/v1/models/" + id + "/events")
        .then()
        .body(containsString("event:failed"))
        .body(containsString("source-digest"));

    hub.override(
        WEIGHTS,
        (request, content) ->
            hub.redirect(request, WEIGHTS, Digest.of(content).hex(), content.length));
    post(base).statusCode(202);
    awaitState("importing");
  }

  @Test
  void sourcesThatMustNotBeAskedAreRefusedAtOnce() {
    post("https://example.org/model/")
        .statusCode(422)
        .contentType("application/problem+json")
        .body("type", endsWith("/source-host-not-allowed"))
        .body("host", equalTo("example.org"));
    post("hf:maker/nothing").statusCode(422).body("type", endsWith("/source-not-given"));
    post("hf:../etc").statusCode(422).body("type", endsWith("/source-malformed"));
    post("upload:00000000000000000000000000000000")
        .statusCode(422)
        .body("type", endsWith("/source-not-found"));
    given().get("/v1/models").then().body("models.id", not(hasItem(id)));
  }

  @Test
  void aFetchIsShownWhileItRunsAndWithdrawn() {
    hub.override(WEIGHTS, (request, content) -> {});

    post(SOURCE).statusCode(202).body("state", equalTo("fetching"));
    await().atMost(TaskLoop.PATIENCE).until(() -> hub.seen(WEIGHTS).size(), count -> count > 0);
    given()
        .get("/v1/models/" + id)
        .then()
        .body("state", equalTo("fetching"))
        .body("progress", notNullValue())
        .body("importedAt", matchesPattern(".+"));
    hub.override(
        WEIGHTS,
        (request, content) ->
            hub.redirect(request, WEIGHTS, Digest.of(content).hex(), content.length));
  }
}
