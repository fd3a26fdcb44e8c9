package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.local.integration.Frames.Frame;
import dev.facet.local.integration.SharedMesh.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a checkpoint to bytes in a browser. */
@Order(1)
@ExtendWith(SharedMesh.class)
@TestInstance(Lifecycle.PER_CLASS)
class DeliveryIT {

  private static final String MODEL = "small";
  private static final Pattern SIGNATURE =
      Pattern.compile("keyid=\"([0-9a-f]{16})\", ed25519=:([A-Za-z0-9+/=]+):");

  private Running mesh;
  private Origin origin;
  private JsonNode model;
  private JsonNode plan;
  private Answer manifest;

  @BeforeEach
  void importAndPlan(Running running) {
    if (model != null) {
      return;
    }
    mesh = running;
    origin = running.origin();
    model = running.models().publish(CheckpointFolder.small(), MODEL);
    Browser browser = Browser.open(origin, "chromium", 8);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> browser.planOncePublished(MODEL).path("bundle").asText().contains(edition()));
    plan = browser.plan(MODEL);
    manifest = origin.get("/v1/bundles/" + plan.path("bundle").asText()).expect(200);
  }

  /** What bundles of the last edition are named by. */
  private String edition() {
    return model.at("/edition/revision").asText();
  }

  @Test
  void everyIdThatOneServiceNamesIsKnownToTheOthers() {
    // When
    JsonNode bundle = manifest.json();

    // Then
    String revision = edition();
    String point = plan.path("point").path("id").asText();
    assertThat(texts(model.path("points"), "id")).contains(point);
    assertThat(bundle.path("id").asText())
        .isEqualTo(plan.path("bundle").asText())
        .startsWith(String.join("~", MODEL, revision, point, "wasm", ""))
        .endsWith(bundle.path("runtime").path("kernelRevision").asText());
    assertThat(bundle.path("model").asText()).isEqualTo(MODEL);
    assertThat(bundle.path("revision").asText()).isEqualTo(revision);
    assertThat(bundle.path("point").asText()).isEqualTo(point);
    assertThat(texts(plan.path("reasons"), "choice"))
        .contains("backend", "precision", "context", "kv", "threads");
  }

  @Test
  void thePublishedKeyVerifiesTheManifest() throws Exception {
    // Given
    JsonNode key = origin.get("/v1/bundles/keys").expect(200).json().path("keys").path(0);
    Matcher header = SIGNATURE.matcher(manifest.header("Facet-Signature"));
    assertThat(header.matches()).isTrue();

    // When
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(publicKey(key.path("x").asText()));
    verifier.update(manifest.body());

    // Then
    assertThat(header.group(1)).isEqualTo(key.path("kid").asText());
    assertThat(verifier.verify(Base64.getDecoder().decode(header.group(2)))).isTrue();
  }

  /** RFC 8032: 32 bytes little-endian, the top bit is the sign of x. */
  private static PublicKey publicKey(String base64Url) throws Exception {
    byte[] littleEndian = Base64.getUrlDecoder().decode(base64Url);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    boolean odd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    EdECPoint point = new EdECPoint(odd, new BigInteger(1, bigEndian));
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  @Test
  void theStreamBringsEveryFrameOfTheManifestInItsOrder() {
    // When
    List<Frame> frames = Frames.parse(stream("").body());

    // Then
    JsonNode listed = manifest.json().path("frames");
    assertThat(frames).hasSize(listed.size());
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      assertThat(frame.index()).isEqualTo(i);
      assertThat(frame.sha256()).isEqualTo(listed.path(i).path("sha256").asText());
      assertThat(frame.payload()).hasSize(listed.path(i).path("bytes").asInt());
      assertThat(Frames.sha256(frame.payload())).isEqualTo(frame.sha256());
    }
  }

  @Test
  void aStreamResumesWhereItWasCut() {
    // Given
    byte[] whole = stream("").body();
    List<Frame> frames = Frames.parse(whole);
    int last = frames.size() / 2;

    // When
    byte[] rest = stream("?after=" + last).body();

    // Then
    int before = frames.stream().limit(last + 1L).mapToInt(f -> 40 + f.payload().length).sum();
    assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, before, whole.length));
    assertThat(stream("?after=" + (frames.size() - 1)).body()).isEmpty();
  }

  @Test
  void aShardInRangesIsTheFrameOfTheStream() {
    // Given
    Frame frame = Frames.parse(stream("").body()).get(3);
    String path = "/v1/shards/" + frame.sha256();
    int half = frame.payload().length / 2;

    // When
    Answer first = origin.get(path, "Range", "bytes=0-" + (half - 1)).expect(206);
    Answer second =
        origin
            .get(path, "Range", "bytes=" + half + "-", "If-Range", first.header("ETag"))
            .expect(206);

    // Then
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(first.body());
    joined.writeBytes(second.body());
    assertThat(joined.toByteArray()).isEqualTo(frame.payload());
    assertThat(origin.get(path).expect(200).body()).isEqualTo(frame.payload());
    assertThat(first.header("Cache-Control")).contains("immutable");
    origin.get(path, "If-None-Match", first.header("ETag")).expect(304);
    origin.get(path, "Range", "bytes=" + frame.payload().length + "-").expect(416);
  }

  @Test
  void everyKernelOfTheBundleHasTheDigestItIsNamedBy() {
    // When
    JsonNode kernels = manifest.json().path("runtime").path("kernels");

    // Then
    assertThat(kernels).isNotEmpty();
    for (JsonNode kernel : kernels) {
      String digest = kernel.path("sha256").asText();
      Answer module = origin.get("/v1/kernels/" + digest).expect(200);
      assertThat(Frames.sha256(module.body())).isEqualTo(digest);
    }
  }

  @Test
  void bundlesOfTheFirstEditionAreServedOnceItIsReplaced() throws IOException {
    // Given
    List<JsonNode> editions = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : mesh.records().read("model-published")) {
      if (MODEL.equals(record.key())) {
        editions.add(new ObjectMapper().readTree(record.value()));
      }
    }
    String first = editions.get(0).path("revision").asText();
    String bundle = plan.path("bundle").asText();
    String earlier = bundle.replace(edition(), first);

    // When
    JsonNode manifest = origin.get("/v1/bundles/" + earlier).expect(200).json();

    // Then
    assertThat(editions).hasSize(2);
    assertThat(first).isNotEqualTo(edition());
    assertThat(manifest.path("revision").asText()).isEqualTo(first);
    assertThat(manifest.path("frames")).isNotEqualTo(this.manifest.json().path("frames"));
    origin.get("/v1/streams/" + earlier).expect(200);
  }

  @Test
  void importingTheSameAgainChangesNothing() {
    // Given
    long told = mesh.records().count("model-published", MODEL);

    // When
    mesh.models().begin(MODEL, MODEL).expect(202);

    // Then
    JsonNode again = mesh.models().awaitEnd(MODEL, "published");
    assertThat(again).isEqualTo(model);
    assertThat(mesh.records().count("model-published", MODEL)).isEqualTo(told).isEqualTo(2);
    assertThat(origin.get("/v1/bundles/" + plan.path("bundle").asText()).body())
        .isEqualTo(manifest.body());
  }

  @Test
  void otherWeightsUnderATakenIdAreRefused() {
    // Given
    CheckpointFolder other =
        CheckpointFolder.small().replacing(CheckpointFolder.CONFIG, "1e-05", "1e-06");
    other.writeTo(mesh.models().directory().resolve("other"));

    // When
    Answer answer = mesh.models().begin("other", MODEL);

    // Then
    answer.expect(409);
    assertThat(answer.json().path("detail").asText()).contains(MODEL);
    assertThat(mesh.models().one(MODEL)).isEqualTo(model);
  }

  private Answer stream(String query) {
    Answer answer = origin.get("/v1/streams/" + plan.path("bundle").asText() + query).expect(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/vnd.facet.frames");
    return answer;
  }

  private static List<String> texts(JsonNode array, String member) {
    return new ArrayList<>(
        StreamSupport.stream(array.spliterator(), false)
            .map(element -> element.path(member).asText())
            .toList());
  }
}
