package dev.facet.quantization.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.testing.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class UploadComponentTest {
  private static final Path TINY = Path.of("src/test/resources/conformance/llama");
  private static final String WEIGHTS = "model.safetensors";

  @TestHTTPResource("/")
  URI origin;

  private String upload;

  @BeforeEach
  void begin() {
    upload = given().post("/v1/uploads").then().statusCode(201).extract().path("id");
  }

  private static RequestSpecification tus() {
    return given().header("Tus-Resumable", "1.0.0");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private ValidatableResponse announce(String name, long length, String... more) {
    return tus()
        .header("Upload-Length", length)
        .header("Upload-Metadata", "filename " + base64(name) + String.join("", more))
        .post("/v1/uploads/%s/files".formatted(upload))
        .then();
  }

  private Response patch(String name, long offset, byte[] bytes, String... headers) {
    RequestSpecification request = tus().header("Upload-Offset", offset);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.contentType("application/offset+octet-stream").body(bytes).patch(place(name));
  }

  private String place(String name) {
    return "/v1/uploads/%s/files/%s".formatted(upload, name);
  }

  private ValidatableResponse importUpload(String id) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("source", "upload:" + upload, "id", id))
        .post("/v1/models")
        .then();
  }

  private static void problem(Response answer, int status, String type) {
    answer
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", endsWith("/" + type));
  }

  @AfterEach
  void isStillUp() {
    given().delete("/v1/uploads/" + upload);
    given().get("/q/health/ready").then().statusCode(200);
  }

  @Test
  void filesInChunksBecomeACheckpointThatIsImported() throws Exception {
    byte[] weights = Files.readAllBytes(TINY.resolve(WEIGHTS));
    String digest = ",sha256 " + base64(Digest.of(weights).hex());
    announce(WEIGHTS, weights.length, digest)
        .statusCode(201)
        .header("Location", endsWith(place(WEIGHTS)));
    int half = weights.length / 2;

    patch(WEIGHTS, 0, Arrays.copyOf(weights, half))
        .then()
        .statusCode(204)
        .header("Upload-Offset", equalTo(String.valueOf(half)))
        .header("Upload-Expires", notNullValue());
    tus()
        .head(place(WEIGHTS))
        .then()
        .statusCode(200)
        .header("Upload-Offset", equalTo(String.valueOf(half)))
        .header("Upload-Length", equalTo(String.valueOf(weights.length)))
        .header("Cache-Control", "no-store");
    importUpload("early")
        .statusCode(409)
        .body("type", endsWith("/upload-unfinished"))
        .body("files", equalTo(List.of(WEIGHTS)));
    patch(WEIGHTS, half, Arrays.copyOfRange(weights, half, weights.length)).then().statusCode(204);
    for (String name : List.of("config.json", "generation_config.json", "tokenizer.json")) {
      byte[] bytes = Files.readAllBytes(TINY.resolve(name));
      announce(name, bytes.length).statusCode(201);
      patch(name, 0, bytes).then().statusCode(204);
    }

    given()
        .get("/v1/uploads/" + upload)
        .then()
        .body("source", equalTo("upload:" + upload))
        .body("files.name", hasItem("tokenizer.json"))
        .body("files.find { it.name == '%s' }.offset".formatted(WEIGHTS), equalTo(weights.length));
    String id = "uploaded-" + UUID.randomUUID();
    importUpload(id).statusCode(202).body("state", equalTo("importing"));
    given().delete("/v1/models/" + id).then().statusCode(204);
  }

  @Test
  void whatCameBeforeACutStays() throws Exception {
    announce(WEIGHTS, 100_000).statusCode(201);
    try (Socket socket = new Socket(origin.getHost(), origin.getPort())) {
      String head =
          "PATCH %s HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                  .formatted(place(WEIGHTS))
              + "Content-Type: application/offset+octet-stream\r\nContent-Length: 100000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[30_000]);
      socket.getOutputStream().flush();
      await().atMost(TaskLoop.PATIENCE).until(() -> offset(WEIGHTS), equalTo(30_000L));
      problem(patch(WEIGHTS, 30_000, new byte[1]), 423, "upload-locked");
    }
    await()
        .atMost(TaskLoop.PATIENCE)
        .until(() -> patch(WEIGHTS, 30_000, new byte[70_000]).statusCode(), equalTo(204));
    assertThat(offset(WEIGHTS)).isEqualTo(100_000);
  }

  private long offset(String name) {
    return Long.parseLong(tus().head(place(name)).header("Upload-Offset"));
  }

  @Test
  void aChunkMustFollowWhatIsThere() {
    announce(WEIGHTS, 10).statusCode(201);
    problem(patch(WEIGHTS, 5, new byte[5]), 409, "upload-offset");
    problem(patch(WEIGHTS, 0, new byte[11]), 413, "upload-too-large");
    patch(WEIGHTS, 0, new byte[10]).then().statusCode(204);
    problem(patch(WEIGHTS, 10, new byte[0]), 409, "upload-offset");
    problem(patch("other.json", 0, new byte[1]), 404, "upload-not-there");
  }

  @Test
  void aChunkThatIsNotWhatItsChecksumSaysIsTakenBack() {
    announce(WEIGHTS, 10).statusCode(201);
    String right = base64Digest(new byte[4]);

    problem(
        patch(WEIGHTS, 0, new byte[5], "Upload-Checksum", "sha256 " + right),
        460,
        "upload-checksum");
    assertThat(offset(WEIGHTS)).isZero();
    patch(WEIGHTS, 0, new byte[4], "Upload-Checksum", "sha256 " + right).then().statusCode(204);
    problem(patch(WEIGHTS, 4, new byte[1], "Upload-Checksum", "crc32 AAAA"), 400, "upload-header");
    problem(patch(WEIGHTS, 4, new byte[1], "Upload-Checksum", "sha1 ***"), 400, "upload-header");
  }

  private static String base64Digest(byte[] bytes) {
    return Base64.getEncoder().encodeToString(Digest.of(bytes).bytes());
  }

  @Test
  void aFileThatIsNotWhatItsDigestSaysBeginsAnew() {
    announce(WEIGHTS, 3, ",sha256 " + base64(Digest.of(new byte[9]).hex())).statusCode(201);

    problem(patch(WEIGHTS, 0, new byte[3]), 460, "upload-checksum");

    assertThat(offset(WEIGHTS)).isZero();
    importUpload("never").statusCode(409);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.json",
        "/etc/passwd",
        "a/b.json",
        "a\\b.json",
        ".hidden.json",
        "x.exe",
        "x.json\0.gguf",
        "",
        "%2e%2e.json",
        "x.json/",
      })
  void namesThatCouldLeadElsewhereAreRefused(String name) {
    announce(name, 1)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", endsWith("/upload-file-name"));
  }

  @Test
  void picklesAreRefusedBeforeAByteComes() {
    announce("pytorch_model.bin", 1).statusCode(422).body("type", endsWith("/checkpoint-pickled"));
  }

  @Test
  void headersThatAreNotOfTheirFormAreProblems() {
    given()
        .header("Upload-Length", 1)
        .post("/v1/uploads/%s/files".formatted(upload))
        .then()
        .statusCode(412)
        .header("Tus-Version", "1.0.0")
        .body("type", endsWith("/upload-version"));
    announce(WEIGHTS, -1).statusCode(400).body("detail", containsString("Upload-Length"));
    announce(WEIGHTS, Long.MAX_VALUE).statusCode(400);
    announce(WEIGHTS, 999_999_999_999_999L).statusCode(413);
    announce(WEIGHTS, 1, ",filename x").statusCode(400).body("header", equalTo("Upload-Metadata"));
    announce(WEIGHTS, 1, ",sha256 " + base64("zz")).statusCode(400);
    announce(WEIGHTS, 1).statusCode(201);
    announce(WEIGHTS, 1).statusCode(409).body("type", endsWith("/upload-file-exists"));
    problem(
        tus().header("Upload-Offset", 0).contentType("text/plain").body("x").patch(place(WEIGHTS)),
        415,
        "upload-type");
  }

  @Test
  void uploadsThatAreNotThereAreProblems() {
    for (String id : List.of("0".repeat(32), "f".repeat(32))) {
      problem(given().get("/v1/uploads/" + id), 404, "upload-not-there");
    }
    problem(given().get("/v1/uploads/nothing"), 422, "source-malformed");
    problem(given().get("/v1/uploads/..%2f..%2fetc"), 422, "source-malformed");
    tus().delete(place("config.json")).then().statusCode(404);
  }

  @Test
  void theProtocolIsAnnounced() {
    given()
        .options("/v1/uploads")
        .then()
        .statusCode(204)
        .header("Tus-Version", "1.0.0")
        .header("Tus-Extension", containsString("creation"))
        .header("Tus-Max-Size", notNullValue());
  }

  @Test
  void aFileIsTerminated() {
    announce(WEIGHTS, 10).statusCode(201);
    tus().delete(place(WEIGHTS)).then().statusCode(204);
    tus().head(place(WEIGHTS)).then().statusCode(404);
    announce(WEIGHTS, 10).statusCode(201);
  }
}
