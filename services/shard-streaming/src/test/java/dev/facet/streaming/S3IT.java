package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.endsWith;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.storage.BlobKey;
import dev.facet.kernel.testing.RunningService;
import dev.facet.kernel.testing.S3Server;
import io.restassured.response.Response;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service with its blobs in a real S3 server, configured as a deployment does it. It
 * has one connection to the store, so that none may be lost.
 */
class S3IT {
  private static final byte[] BLOB = new byte[24_000_000];
  private static final Digest NAME;

  static {
    new Random(3).nextBytes(BLOB);
    NAME = Digest.of(BLOB);
  }

  @TempDir Path folder;

  private EmbeddedPostgres postgres;
  private S3Server store;

  @BeforeEach
  void start() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    store = S3Server.start();
    store.plant(BlobKey.of(NAME), BLOB);
  }

  @AfterEach
  void stop() throws Exception {
    store.close();
    postgres.close();
  }

  @Test
  void servesShardsFromTheBucket() throws Exception {
    try (RunningService service = RunningService.start(environment())) {
      String shard = service.url() + "/v1/shards/" + NAME.hex();

      assertThat(given().get(shard).asByteArray()).isEqualTo(BLOB);
      leaveHalfWay(URI.create(shard));
      Response part = given().header("Range", "bytes=7000000-7999999").get(shard);
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.asByteArray()).isEqualTo(Arrays.copyOfRange(BLOB, 7_000_000, 8_000_000));

      store.link().close();
      given()
          .get(shard)
          .then()
          .statusCode(503)
          .contentType("application/problem+json")
          .header("Retry-After", "5")
          .body("type", endsWith("/unavailable"));
    }
  }

  @Test
  void doesNotStartWithHalfTheSettings() throws Exception {
    Map<String, String> half = new HashMap<>(environment());
    half.remove("FACET_BLOBS_S3_REGION");

    try (RunningService service = RunningService.start(half)) {
      assertThatThrownBy(service::url)
          .hasMessageContaining("FACET_BLOBS_S3_BUCKET is set but FACET_BLOBS_S3_REGION is not");
    }
  }

  /** What a browser does whose page is closed: the first bytes are read, then nobody is there. */
  private static void leaveHalfWay(URI shard) throws Exception {
    try (Socket socket = new Socket(shard.getHost(), shard.getPort())) {
      String request = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(shard.getPath());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
    }
  }

  private Map<String, String> environment() throws Exception {
    Map<String, String> all = new HashMap<>(store.environment());
    all.put("FACET_BLOBS_S3_MAX_CONNECTIONS", "1");
    all.put("FACET_DATABASE_URL", "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
    all.put("FACET_DATABASE_USER", "postgres");
    all.put("FACET_DATABASE_PASSWORD", "postgres");
    all.put("FACET_SIGNING_KEY_FILE", folder.resolve("key.pem").toString());
    try (ServerSocket socket = new ServerSocket(0)) {
      all.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + socket.getLocalPort());
    }
    return all;
  }
}
