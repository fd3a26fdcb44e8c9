package dev.facet.capability;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.testing.RunningService;
import io.restassured.response.Response;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged service with a Kafka that is away from the start and a database that goes away. */
class OutageIT {
  private static final String REPORT =
      """
      { "schema": "facet-report/1", "engine": { "family": "firefox", "mobile": false }, "webgpu": null,
        "wasm": { "simd": true, "relaxedSimd": true, "threads": true, "memory64": true },
        "crossOriginIsolated": true, "memory": {}, "cpu": { "cores": %d } }
      """;

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startDatabase() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopDatabase() throws Exception {
    postgres.close();
  }

  private static void sql(String statement, Object... values) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.length; i++) {
        prepared.setObject(i + 1, values[i]);
      }
      prepared.executeUpdate();
    }
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void plansFromItsTablesAndThenFromMemory() throws Exception {
    try (RunningService service = RunningService.start(environment())) {
      String url = service.url();
      publish();
      String profile = register(url, 2).then().statusCode(201).extract().path("profile");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> plan(url, profile, 1024).statusCode() == 200);

      postgres.close();

      plan(url, profile, 1024).then().statusCode(200).body("point.id", equalTo("full-4"));
      plan(url, profile, 128).then().statusCode(200).body("contextLength", equalTo(128));
      register(url, 3)
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", "5");
      given().get(url + "/q/health/ready").then().statusCode(200);
      assertThat(plan(url, profile, 128).time()).isLessThan(5_000);
    }
  }

  private static void publish() throws Exception {
    EventCodec codec = new EventCodec();
    sql(
        "insert into catalogue_model values ('docs-29m', now(), cast(? as jsonb))",
        text(codec.write(Samples.published("docs-29m", Samples.docsShape()))));
    sql(
        "insert into catalogue_kernels values (?, now(), cast(? as jsonb))",
        Samples.KERNELS,
        text(codec.write(Samples.kernelsPublished())));
    sql("update catalogue_version set version = version + 1");
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static Response register(String url, int cores) {
    return given()
        .contentType("application/json")
        .body(REPORT.formatted(cores))
        .post(url + "/v1/profiles");
  }

  private static Response plan(String url, String profile, int context) {
    return given()
        .contentType("application/json")
        .body(
            "{\"profile\":\"%s\",\"model\":\"docs-29m\",\"pin\":{\"maxContext\":%d}}"
                .formatted(profile, context))
        .post(url + "/v1/plans");
  }

  private static Map<String, String> environment() throws Exception {
    return Map.of(
        "FACET_DATABASE_URL", "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
        "FACET_DATABASE_USER", "postgres",
        "FACET_DATABASE_PASSWORD", "postgres",
        "FACET_SESSION_SECRET", "a-secret-of-at-least-thirty-two-characters",
        "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + closedPort());
  }
}
