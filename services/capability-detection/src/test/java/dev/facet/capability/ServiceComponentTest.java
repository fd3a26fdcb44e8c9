package dev.facet.capability;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.facet.capability.application.Catalogue;
import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.kernel.testing.TestEvents;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class ServiceComponentTest {
  private static final String REPORT =
      """
      { "schema": "facet-report/1", "engine": { "family": "chromium", "mobile": false, "brand": "new" },
        "webgpu": { "vendor": "google", "architecture": "swiftshader", "fallbackAdapter": false,
                    "features": ["shader-f16"], "wgslFeatures": [],
                    "limits": { "maxBufferSize": 1073741824, "maxStorageBufferBindingSize": 1073741824,
                                "maxComputeWorkgroupStorageSize": 32768, "maxComputeInvocationsPerWorkgroup": 256,
                                "maxStorageBuffersPerShaderStage": 10, "maxTextureDimension2D": 8192 },
                    "subgroupSize": 4 },
        "wasm": { "simd": true, "relaxedSimd": true, "threads": true, "memory64": true, "threadsReason": null },
        "webnn": { "available": false }, "crossOriginIsolated": true,
        "memory": { "deviceMemoryGiB": 8, "storageQuotaBytes": 123456789, "storagePersisted": false },
        "cpu": { "cores": %d }, "connection": { "downlinkMbps": 10, "saveData": false }, "probeMs": 41.2,
        "somethingNew": [1, 2] }
      """;

  @Inject @Any InMemoryConnector connector;
  @Inject Catalogue catalogue;

  @BeforeEach
  void publish() throws Exception {
    tell("kernels-published", Samples.kernelsPublished());
    tell("model-published", Samples.published("docs-29m", Samples.docsShape()));
    await().until(() -> catalogue.now().model("docs-29m").isPresent());
  }

  private void tell(String channel, DomainEvent event) throws Exception {
    tell(channel, event, UUID.randomUUID());
  }

  private void tell(String channel, DomainEvent event, UUID id) throws Exception {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    connector.source(channel).runOnVertxContext(true).send(TestEvents.message(event, id, outcome));
    outcome.get(20, TimeUnit.SECONDS);
  }

  private static String register(int cores) {
    return given()
        .contentType(ContentType.JSON)
        .body(REPORT.formatted(cores))
        .post("/v1/profiles")
        .then()
        .statusCode(201)
        .extract()
        .path("profile");
  }

  @Test
  void registersAReport() {
    String session =
        given()
            .contentType(ContentType.JSON)
            .body(REPORT.formatted(2))
            .when()
            .post("/v1/profiles")
            .then()
            .statusCode(201)
            .header("Location", endsWith("/v1/profiles/" + register(2)))
            .body("profile", equalTo(register(2)))
            .body("deviceClass", equalTo("wasm-mt.chromium.8g"))
            .body("description", containsString("SwiftShader"))
            .body("sessionExpiresAt", matchesPattern(".*Z"))
            .extract()
            .path("session");

    String claims =
        new String(Base64.getUrlDecoder().decode(session.split("\\.")[1]), StandardCharsets.UTF_8);
    assertThat(claims)
        .contains("\"sub\":\"" + register(2) + "\"", "\"deviceClass\":\"wasm-mt.chromium.8g\"");
    given()
        .get("/v1/profiles/" + register(2))
        .then()
        .statusCode(200)
        .body("report.webgpu.architecture", equalTo("swiftshader"))
        .body("report.cores", equalTo(2));
  }

  @Test
  void tellsOfANewProfileOnce() {
    String profile = register(17);
    register(17);
    String later = register(18);

    await().until(() -> told(later) == 1);
    assertThat(told(profile)).isEqualTo(1);
  }

  /**
   * Events told of a profile; events leave in order, so the later one's arrival means the earlier
   * ones are out.
   */
  private long told(String profile) {
    return connector.sink("outbox").received().stream()
        .map(message -> new String((byte[]) message.getPayload(), StandardCharsets.UTF_8))
        .filter(body -> body.contains("\"profile\":\"" + profile + '"'))
        .count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"cores\": 2 | \"cores\": 0 | cores",
        "\"family\": \"chromium\" | \"family\": \"netscape\" | family",
        "\"deviceMemoryGiB\": 8 | \"deviceMemoryGiB\": -1 | deviceMemoryGiB",
        "facet-report/1 | facet-report/9 | schema",
        "\"maxBufferSize\": 1073741824 | \"maxBufferSize\": null | maxBufferSize",
        "\"simd\": true | \"simd\": null | simd",
        "\"features\": [\"shader-f16\"] | \"features\": [null] | features",
        "\"cores\": 2 | \"cores\": \"many\" | cores",
        "\"limits\": { | \"limits\": 7, \"x\": { | limits",
      })
  void namesTheFieldThatIsWrong(String good, String bad, String field) {
    given()
        .contentType(ContentType.JSON)
        .body(REPORT.formatted(2).replace(good, bad))
        .when()
        .post("/v1/profiles")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("status", equalTo(400))
        .body(containsString(field))
        .body(not(containsString("Exception")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{\"schema\":", "\u0000"})
  void refusesWhatIsNoReport(String body) {
    given()
        .contentType(ContentType.JSON)
        .body(body)
        .when()
        .post("/v1/profiles")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body(not(containsString("at com.")));
  }

  @Test
  void refusesALargeBody() {
    given()
        .contentType(ContentType.JSON)
        .body(" ".repeat(70_000) + REPORT.formatted(2))
        .when()
        .post("/v1/profiles")
        .then()
        .statusCode(413)
        .contentType("application/problem+json")
        .body("limit", equalTo(65536));
  }

  @Test
  void refusesOtherMediaTypesAndMethods() {
    given()
        .contentType(ContentType.TEXT)
        .body("hello")
        .post("/v1/profiles")
        .then()
        .statusCode(415)
        .contentType("application/problem+json");
    given().delete("/v1/profiles").then().statusCode(405).contentType("application/problem+json");
  }

  @Test
  void plansWithAReasonForEachChoice() {
    String plan =
        given()
            .contentType(ContentType.JSON)
            .body("{\"profile\":\"%s\",\"model\":\"docs-29m\"}".formatted(register(2)))
            .when()
            .post("/v1/plans")
            .then()
            .statusCode(200)
            .body("backend", equalTo("wasm"))
            .body("point.id", equalTo("full-4"))
            .body("contextLength", equalTo(1024))
            .body("kv.keys", equalTo("f32"))
            .body("bundle", equalTo("docs-29m~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f"))
            .body("memory.budgetBytes", notNullValue())
            .body(
                "reasons.choice",
                hasItems("backend", "precision", "context", "kv", "threads", "memory"))
            .body("reasons[0].because", containsString("SwiftShader"))
            .extract()
            .path("plan");

    given()
        .get("/v1/plans/" + plan)
        .then()
        .statusCode(200)
        .body("plan", equalTo(plan))
        .body("point.quality.baselinePerplexity", equalTo(7.426f));
  }

  @Test
  void honoursPins() {
    given()
        .contentType(ContentType.JSON)
        .body(
            "{\"profile\":\"%s\",\"model\":\"docs-29m\",\"pin\":{\"bits\":8,\"backend\":\"webgpu\",\"maxContext\":256}}"
                .formatted(register(2)))
        .when()
        .post("/v1/plans")
        .then()
        .statusCode(200)
        .body("backend", equalTo("webgpu"))
        .body("point.id", equalTo("reference-8"))
        .body("contextLength", equalTo(256));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"profile\":\"P\",\"model\":\"nobody\"} | 404 | nobody",
        "{\"profile\":\"00000000-0000-4000-8000-000000000000\",\"model\":\"docs-29m\"} | 404 | profile",
        "{\"profile\":\"P\",\"model\":\"../etc\"} | 400 | model",
        "{\"profile\":\"P\"} | 400 | model",
        "{\"profile\":\"x\",\"model\":\"docs-29m\"} | 400 | profile",
        "{\"profile\":\"P\",\"model\":\"docs-29m\",\"pin\":{\"bits\":5}} | 422 | available",
        "{\"profile\":\"P\",\"model\":\"docs-29m\",\"pin\":{\"bits\":99}} | 400 | bits",
        "{\"profile\":\"P\",\"model\":\"docs-29m\",\"pin\":{\"backend\":\"cuda\"}} | 400 | backend",
      })
  void saysWhyThereIsNoPlan(String body, int status, String named) {
    given()
        .contentType(ContentType.JSON)
        .body(body.replace("\"P\"", '"' + register(2) + '"'))
        .when()
        .post("/v1/plans")
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body(containsString(named));
  }

  @Test
  void saysWhatWouldFit() throws Exception {
    tell("model-published", Samples.published("large", Samples.largeShape()));
    given()
        .contentType(ContentType.JSON)
        .body(
            "{\"profile\":\"%s\",\"model\":\"large\",\"pin\":{\"bits\":8}}".formatted(register(2)))
        .when()
        .post("/v1/plans")
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("type", equalTo("https://facet.dev/problems/nothing-fits"))
        .body("wouldFit.point", equalTo("full-2"))
        .body("wouldFit.totalBytes", notNullValue());
  }

  @Test
  void followsTheTuner() throws Exception {
    String profile = register(3);
    PrecisionPolicyChanged.Evidence evidence =
        new PrecisionPolicyChanged.Evidence("full-4", 12, 90, 120, 50);
    tell(
        "precision-policies",
        new PrecisionPolicyChanged(
            "tuned",
            "wasm-mt.chromium.8g",
            "full-2",
            "full-4",
            "too slow.",
            evidence,
            Instant.now()));
    tell("model-published", Samples.published("tuned", Samples.docsShape()));

    given()
        .contentType(ContentType.JSON)
        .body("{\"profile\":\"%s\",\"model\":\"tuned\"}".formatted(profile))
        .when()
        .post("/v1/plans")
        .then()
        .statusCode(200)
        .body("point.id", equalTo("full-2"))
        .body("reasons.because", hasItem(containsString("too slow.")));
  }

  @Test
  void forgetsAWithdrawnModelAndIgnoresRepeats() throws Exception {
    ModelPublished model = Samples.published("brief", Samples.docsShape());
    UUID event = UUID.randomUUID();
    tell("model-published", model, event);
    tell("model-published", new ModelWithdrawn("brief", Instant.now()));
    tell("model-published", model, event);

    assertThat(catalogue.now().model("brief")).isEmpty();
  }

  @Test
  void answersHealthMetricsAndOpenApi() {
    given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/metrics").then().statusCode(200);
    given().get("/q/openapi").then().statusCode(200).body(containsString("/v1/plans"));
    given().get("/v1/nothing").then().statusCode(404).contentType("application/problem+json");
  }
}
