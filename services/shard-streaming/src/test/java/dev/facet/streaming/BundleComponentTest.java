package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.AnnounceKernels;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.DecoderConfig;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BundleComponentTest extends StreamingComponentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ED25519_PREFIX = "302a300506032b6570032100";

  @Inject AnnounceKernels announcement;

  private static Response plain(String path) {
    return given()
        .config(
            RestAssured.config().decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
        .get(path);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void theManifestIsTheGoldenOne(int bits) throws Exception {
    JsonNode manifest =
        JSON.readTree(plain("/v1/bundles/" + SampleModels.SMALL.bundle(bits)).asByteArray());
    try (InputStream golden =
        getClass().getResourceAsStream("/golden/small-full-" + bits + ".json")) {
      assertThat(manifest).isEqualTo(JSON.readTree(golden));
    }
  }

  @Test
  void theSignatureHoldsOverTheExactBytes() throws Exception {
    Response response = plain("/v1/bundles/" + SampleModels.SMALL.bundle(4));
    byte[] body = response.asByteArray();
    Matcher parts =
        Pattern.compile("keyid=\"([0-9a-f]{16})\", ed25519=:([A-Za-z0-9+/=]+):")
            .matcher(response.header("Facet-Signature"));
    assertThat(parts.matches()).isTrue();
    JsonNode key = JSON.readTree(plain("/v1/bundles/keys").asByteArray()).get("keys").get(0);

    assertThat(key.get("kid").asText()).isEqualTo(parts.group(1));
    assertThat(key.get("kty").asText()).isEqualTo("OKP");
    assertThat(verifies(key.get("x").asText(), body, parts.group(2))).isTrue();
    body[body.length / 2] ^= 1;
    assertThat(verifies(key.get("x").asText(), body, parts.group(2))).isFalse();
  }

  private static boolean verifies(String x, byte[] body, String signature) throws Exception {
    byte[] raw = Base64.getUrlDecoder().decode(x);
    byte[] encoded = HexFormat.of().parseHex(ED25519_PREFIX + HexFormat.of().formatHex(raw));
    PublicKey key =
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(key);
    verifier.update(body);
    return verifier.verify(Base64.getDecoder().decode(signature));
  }

  @Test
  void isImmutableAndNotSentTwice() {
    String path = "/v1/bundles/" + SampleModels.SMALL.bundle(4);
    Response first = plain(path);
    assertThat(first.header("Cache-Control")).contains("immutable");
    assertThat(first.header("ETag")).isEqualTo('"' + Digest.of(first.asByteArray()).hex() + '"');

    given()
        .header("If-None-Match", first.header("ETag"))
        .config(
            RestAssured.config().decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
        .get(path)
        .then()
        .statusCode(304)
        .body(emptyString());
  }

  @Test
  void aCompressedManifestIsTheSameManifest() throws Exception {
    URI path = origin.toURI().resolve("/v1/bundles/" + SampleModels.SMALL.bundle(4));
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(path).header("Accept-Encoding", "gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.headers().allValues("Content-Encoding")).containsExactly("gzip");
    assertThat(response.headers().firstValue("ETag").orElseThrow()).endsWith("-gzip\"");
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(body).isEqualTo(plain("/v1/bundles/" + SampleModels.SMALL.bundle(4)).asByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    "small~0123456789ab~full-9~wasm~0a1b2c3d4e5f,404",
    "small~ffffffffffff~full-4~wasm~0a1b2c3d4e5f,404",
    "small~0123456789ab~full-4~wasm~ffffffffffff,404",
    "nobody~0123456789ab~full-4~wasm~0a1b2c3d4e5f,404",
    "small~0123456789ab~full-4~cuda~0a1b2c3d4e5f,400",
    "small,400",
    "SMALL~0123456789ab~full-4~wasm~0a1b2c3d4e5f,400"
  })
  void unknownBundlesAreProblems(String id, int status) {
    given()
        .get("/v1/bundles/" + id)
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .header("ETag", nullValue());
  }

  @Test
  void aWithdrawnModelIsGone() throws Exception {
    String bundle = SampleModels.SMALL.bundle(4).replace("small~", "brief~");
    SampleLadder ladder = new SampleLadder(1);
    tell(ladder.published("brief", SampleModels.SMALL.published().ladders().get(0).index()));
    await().until(() -> plain("/v1/bundles/" + bundle).statusCode() == 200);

    tell(new ModelWithdrawn("brief", Instant.now()));

    await().until(() -> plain("/v1/bundles/" + bundle).statusCode() == 404);
    assertThat(plain("/v1/streams/" + bundle).statusCode()).isEqualTo(404);
  }

  @Test
  void aLadderThatIsNoLadderIsAProblem() throws Exception {
    SampleLadder ladder = new SampleLadder(1);
    var tokenizer = SampleModels.SMALL.published().tokenizer();
    tell(ladder.published("broken", tokenizer));
    given()
        .get("/v1/bundles/broken~0123456789ab~full-4~wasm~0a1b2c3d4e5f")
        .then()
        .statusCode(500)
        .contentType("application/problem+json")
        .body("type", equalTo("https://facet.dev/problems/damaged-blob"))
        .body("detail", containsString(tokenizer.sha256()));
  }

  @ParameterizedTest
  @CsvSource({
    "93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476,application/wasm",
    "2ed28d9fcf494466d5e479c8a2777ae43812a03d12b8521b724781d70a85d2db,text/wgsl"
  })
  void servesKernels(String digest, String mediaType) {
    Response response = plain("/v1/kernels/" + digest);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).startsWith(mediaType);
    assertThat(Digest.of(response.asByteArray()).hex()).isEqualTo(digest);
    assertThat(response.header("Cache-Control")).contains("immutable");
    assertThat(response.header("ETag")).isEqualTo('"' + digest + '"');
  }

  @Test
  void anUnknownKernelIsAProblem() {
    given()
        .get("/v1/kernels/" + "0".repeat(64))
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void kernelsAreToldOnce() {
    await()
        .untilAsserted(
            () -> assertThat(told()).anyMatch(event -> event.contains("sample-simd128.wasm")));
    announcement.announce().await().indefinitely();

    assertThat(told().stream().filter(event -> event.contains("sample-simd128.wasm"))).hasSize(1);
  }
}
