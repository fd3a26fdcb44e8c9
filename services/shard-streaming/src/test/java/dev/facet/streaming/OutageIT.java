package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.testing.RunningService;
import io.restassured.response.Response;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service, with the browser client's real pages and kernels, a Kafka that is away from
 * the start and a database that goes away.
 */
class OutageIT {
  private static final String KERNELS = "META-INF/facet/kernels/kernels.json";

  @TempDir static Path folder;

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
  void deliversWithoutKafkaAndDatabase() throws Exception {
    BlobFolderResource.write(folder.resolve("blobs"), SampleModels.SMALL.blobs());
    try (RunningService service = RunningService.start(environment())) {
      String url = service.url();
      publish();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> given().get(url + "/v1/bundles/" + bundle(3)).statusCode() == 200);

      postgres.close();

      Response manifest = given().get(url + "/v1/bundles/" + bundle(4));
      manifest.then().statusCode(200);
      long bytes = 0;
      for (JsonNode frame : new ObjectMapper().readTree(manifest.asByteArray()).get("frames")) {
        bytes += 40 + frame.get("bytes").asLong();
        given().get(url + "/v1/shards/" + frame.get("sha256").asText()).then().statusCode(200);
      }
      assertThat(given().get(url + "/v1/streams/" + bundle(4)).asByteArray()).hasSize((int) bytes);
      given().get(url + "/").then().statusCode(200).contentType("text/html");
      given().get(url + "/q/health/ready").then().statusCode(200);
    }
  }

  private static void publish() throws Exception {
    String document =
        new String(new EventCodec().write(SampleModels.SMALL.published()), StandardCharsets.UTF_8);
    sql(
        "insert into published_model values ('small', ?, now(), cast(? as jsonb))",
        SampleLadder.REVISION,
        document);
    sql("update publication_version set version = version + 1");
  }

  /**
   * The packaged service has the browser client's kernels; the tests' own come first on this class
   * path.
   */
  private static String bundle(int bits) throws Exception {
    String tests = "0a1b2c3d4e5f";
    for (URL list : Collections.list(OutageIT.class.getClassLoader().getResources(KERNELS))) {
      String revision = new ObjectMapper().readTree(list).get("revision").asText();
      if (!revision.equals(tests)) {
        return "small~%s~full-%d~wasm~%s".formatted(SampleLadder.REVISION, bits, revision);
      }
    }
    throw new IllegalStateException("browser-client is not on the class path");
  }

  private static Map<String, String> environment() throws Exception {
    return Map.of(
        "FACET_DATABASE_URL",
        "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
        "FACET_DATABASE_USER",
        "postgres",
        "FACET_DATABASE_PASSWORD",
        "postgres",
        "FACET_BLOBS_DIR",
        folder.resolve("blobs").toString(),
        "FACET_SIGNING_KEY_FILE",
        folder.resolve("key.pem").toString(),
        "KAFKA_BOOTSTRAP_SERVERS",
        "127.0.0.1:" + closedPort());
  }
}
