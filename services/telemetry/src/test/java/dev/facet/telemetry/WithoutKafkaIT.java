package dev.facet.telemetry;

import static dev.facet.telemetry.TestBatches.batchOf;
import static dev.facet.telemetry.TestBatches.failure;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged service with a real database and a Kafka that is away. */
class WithoutKafkaIT {
  private static final String POLICY =
      """
      insert into policy (id, model, device_class, point, default_point, target_ms, reason,
        decided_at, evaluated_at)
      values ('docs-29m|wasm.it', 'docs-29m', 'wasm.it', 'full-3', 'full-4', 100, 'A reason.',
        now(), now())""";

  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startDatabase() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopDatabase() throws Exception {
    postgres.close();
  }

  @Test
  void startsAnswersFromItsTablesAndKeepsPoliciesOverARestart() throws Exception {
    try (RunningService service = RunningService.start(environment())) {
      String url = service.url();
      given().get(url + "/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
      takesNothingItCannotKeep(url);
      storePolicy();
      showsThePolicy(url);
    }

    try (RunningService service = RunningService.start(environment())) {
      showsThePolicy(service.url());
    }
  }

  private static void takesNothingItCannotKeep(String url) {
    given()
        .contentType("application/json")
        .body(batchOf(TestSessions.token("wasm.it"), failure("docs-29m")).toString())
        .post(url + "/v1/telemetry")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "5");
  }

  private static void storePolicy() throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(POLICY);
    }
  }

  private static void showsThePolicy(String url) {
    given()
        .get(url + "/v1/policies/docs-29m/wasm.it")
        .then()
        .statusCode(200)
        .body("point", equalTo("full-3"))
        .body("reason", equalTo("A reason."));
  }

  private static Map<String, String> environment() throws Exception {
    return Map.of(
        "FACET_DATABASE_URL",
        "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
        "FACET_DATABASE_USER",
        "postgres",
        "FACET_DATABASE_PASSWORD",
        "postgres",
        "FACET_SESSION_SECRET",
        TestSessions.SECRET,
        "KAFKA_BOOTSTRAP_SERVERS",
        "127.0.0.1:" + closedPort());
  }

  private static int closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
