package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ShardComponentTest extends StreamingComponentTest {
  private static String digest(SampleModels model, int least) {
    return model.blobs().entrySet().stream()
        .filter(blob -> blob.getValue().length >= least)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static final String SMALL = digest(SampleModels.SMALL, 1000);
  private static final String LARGE = digest(SampleModels.LARGE, 1_000_000);

  private static byte[] content(String digest) {
    byte[] small = SampleModels.SMALL.blobs().get(digest);
    return small != null ? small : SampleModels.LARGE.blobs().get(digest);
  }

  private static String name(String which) {
    return which.equals("small") ? SMALL : LARGE;
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "large"})
  void servesAShardWhole(String which) {
    String digest = name(which);
    Response response = given().get("/v1/shards/" + digest);

    response
        .then()
        .statusCode(200)
        .header("Content-Type", "application/octet-stream")
        .header("Content-Length", Integer.toString(content(digest).length))
        .header("ETag", '"' + digest + '"')
        .header("Accept-Ranges", "bytes")
        .header("Cache-Control", "public, max-age=31536000, immutable")
        .header(
            "Repr-Digest",
            "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest)) + ':')
        .header("X-Content-Type-Options", "nosniff")
        .header("Cross-Origin-Resource-Policy", "cross-origin")
        .header("Content-Range", nullValue());
    assertThat(response.asByteArray()).isEqualTo(content(digest));
    assertThat(response.header("Content-Encoding")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "small,0-0",
    "small,10-99",
    "small,-5",
    "small,990-",
    "large,0-0",
    "large,65536-131071",
    "large,-70000",
    "large,999000-",
    "large,999-99999999",
    "large,0-"
  })
  void servesAPart(String which, String range) {
    String digest = name(which);
    byte[] all = content(digest);
    int dash = range.indexOf('-');
    String first = range.substring(0, dash);
    String last = range.substring(dash + 1);
    int from = first.isEmpty() ? all.length - Integer.parseInt(last) : Integer.parseInt(first);
    int to =
        first.isEmpty() || last.isEmpty()
            ? all.length
            : Math.min(all.length, Integer.parseInt(last) + 1);

    Response response = given().header("Range", "bytes=" + range).get("/v1/shards/" + digest);

    response
        .then()
        .statusCode(206)
        .header("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, all.length))
        .header("Content-Length", Integer.toString(to - from))
        .header("ETag", '"' + digest + '"');
    assertThat(response.asByteArray()).isEqualTo(Arrays.copyOfRange(all, from, to));
  }

  @Test
  void putsAShardTogetherFromItsParts() throws Exception {
    byte[] all = content(LARGE);
    byte[] joined = new byte[all.length];
    for (int at = 0; at < all.length; at += 300_000) {
      byte[] part =
          given()
              .header("Range", "bytes=%d-%d".formatted(at, at + 299_999))
              .header("If-Range", '"' + LARGE + '"')
              .get("/v1/shards/" + LARGE)
              .asByteArray();
      System.arraycopy(part, 0, joined, at, part.length);
    }
    assertThat(joined).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"other\"",
        "W/\"%s\"",
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "*",
        "\"%s\", \"other\"",
        "%s"
      })
  void aRangeOfAnotherVersionIsAnsweredInFull(String ifRange) {
    given()
        .header("Range", "bytes=0-9")
        .header("If-Range", ifRange.formatted(SMALL))
        .get("/v1/shards/" + SMALL)
        .then()
        .statusCode(200)
        .header("Content-Length", Integer.toString(content(SMALL).length))
        .header("Content-Range", nullValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-1", "items=0-1", "bytes=0-0,5-6", "bytes=", "0-5"})
  void aRangeThatIsNoneIsAnsweredInFull(String range) {
    given().header("Range", range).get("/v1/shards/" + SMALL).then().statusCode(200);
  }

  @Test
  void rangesThatTouchAreOne() {
    given()
        .header("Range", "bytes=0-9,10-19,5-12")
        .get("/v1/shards/" + SMALL)
        .then()
        .statusCode(206)
        .header("Content-Range", "bytes 0-19/" + content(SMALL).length);
  }

  @Test
  void aRangeBeyondTheEndIs416() {
    given()
        .header("Range", "bytes=5000-")
        .get("/v1/shards/" + SMALL)
        .then()
        .statusCode(416)
        .contentType("application/problem+json")
        .header("Content-Range", "bytes */" + content(SMALL).length)
        .header("Cache-Control", "no-store")
        .body("type", equalTo("https://facet.dev/problems/range-not-satisfiable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "W/\"%s\"", "\"x\", \"%s\"", "*"})
  void whatTheCallerHasIsNotSentAgain(String ifNoneMatch) {
    given()
        .header("If-None-Match", ifNoneMatch.formatted(LARGE))
        .header("Range", "bytes=0-1")
        .get("/v1/shards/" + LARGE)
        .then()
        .statusCode(304)
        .header("ETag", '"' + LARGE + '"')
        .body(emptyString());
  }

  @Test
  void headSaysTheSameWithoutABody() {
    given()
        .header("Range", "bytes=0-9")
        .head("/v1/shards/" + LARGE)
        .then()
        .statusCode(200)
        .header("Content-Length", Integer.toString(content(LARGE).length))
        .header("Accept-Ranges", "bytes")
        .body(emptyString());
    given().head("/v1/shards/" + "0".repeat(64)).then().statusCode(404).body(emptyString());
  }

  @Test
  void unknownAndDamagedBlobsAreProblems() {
    given()
        .get("/v1/shards/" + "0".repeat(64))
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .header("Cache-Control", "no-store")
        .header("ETag", nullValue())
        .body("kind", equalTo("shard"));
    given()
        .get("/v1/shards/" + BlobFolderResource.CHANGED)
        .then()
        .statusCode(500)
        .contentType("application/problem+json")
        .body("type", equalTo("https://facet.dev/problems/damaged-blob"));
    given().post("/v1/shards/" + SMALL).then().statusCode(405);
  }

  /**
   * More than two hundred ways to leave the folder; sent as they are, past any client's
   * normalisation.
   */
  @Test
  void noPathLeavesTheFolder() throws Exception {
    List<String> payloads = escapes();
    assertThat(payloads).hasSizeGreaterThan(200);
    for (String payload : payloads) {
      for (String resource : List.of("shards", "kernels", "bundles", "streams")) {
        String answer = raw("/v1/" + resource + '/' + payload);
        assertThat(answer)
            .as(payload)
            .matches("(?s)HTTP/1.[01] 4\\d\\d .*")
            .doesNotContain("not for anyone", "root:", "Exception", "facet-blobs");
      }
    }
  }

  private static List<String> escapes() {
    List<String> dots =
        List.of(
            "..",
            "%2e%2e",
            "%2e.",
            ".%2e",
            "%252e%252e",
            "..%00",
            "%c0%ae%c0%ae",
            "....",
            "..;",
            "%e0%80%ae%e0%80%ae",
            "%uff0e%uff0e",
            ".%00.");
    List<String> slashes = List.of("/", "%2f", "%5c", "%252f", "%c0%af", "//");
    List<String> ends = List.of("secret", "key.pem", "etc/passwd");
    List<String> payloads = new ArrayList<>();
    for (String dot : dots) {
      for (String slash : slashes) {
        for (String end : ends) {
          payloads.add(dot + slash + end);
          payloads.add(dot + slash + dot + slash + end);
        }
      }
    }
    payloads.addAll(
        List.of(
            "a".repeat(63),
            "a".repeat(65),
            "A".repeat(64),
            "a".repeat(62) + "..",
            "a".repeat(64) + "%00",
            "a".repeat(64) + "%0a",
            "a".repeat(64) + ";x=1",
            "a".repeat(5000),
            "%ff%fe",
            "%",
            "%zz"));
    return payloads;
  }

  private String raw(String target) throws Exception {
    try (Socket socket = new Socket(origin.getHost(), origin.getPort())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void malformedDigestsSayWhatADigestIs() {
    given()
        .get("/v1/shards/abc")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("64 lower-case hex digits"))
        .body(not(containsString("Exception")));
  }
}
