package dev.facet.telemetry.component;

import static dev.facet.telemetry.TestBatches.batchOf;
import static dev.facet.telemetry.TestBatches.failure;
import static dev.facet.telemetry.TestBatches.generation;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.telemetry.TestBatches;
import dev.facet.telemetry.TestSessions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class IngestComponentTest {
  private static final String PROBLEM = "application/problem+json";

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject EventCodec codec;
  @Inject LogFaults faults;

  private InMemorySink<byte[]> log;

  @BeforeEach
  void clear() {
    log = connector.sink("client-metrics-out");
    log.clear();
    faults.clear();
  }

  @Test
  void aBatchIsOneRecordKeyedByItsSession() {
    ObjectNode batch =
        batchOf(
            TestSessions.token("wasm.ingest"),
            generation("docs-29m", "full-4", 40),
            TestBatches.load("docs-29m", "full-4"));

    json(batch).post("/v1/telemetry").then().statusCode(202).body("accepted", equalTo(2));

    assertThat(log.received()).hasSize(1);
    Message<byte[]> message = log.received().get(0);
    OutgoingKafkaRecordMetadata<?> record =
        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
    assertThat(header(record, "ce_type")).isEqualTo(ClientMetricsReported.TYPE);
    assertThat(UUID.fromString(header(record, "ce_id"))).isNotNull();
    ClientMetricsReported report = body(message);
    assertThat(record.getKey()).isEqualTo(report.session());
    assertThat(report.deviceClass()).isEqualTo("wasm.ingest");
    assertThat(report.generations()).hasSize(1);
    assertThat(report.loads()).hasSize(1);
  }

  @Test
  void beaconsArePlainText() {
    given()
        .contentType("text/plain;charset=UTF-8")
        .body(batchOf(TestSessions.token("wasm"), failure("docs-29m")).toString())
        .post("/v1/telemetry")
        .then()
        .statusCode(202);
  }

  @Test
  void batchesMayBeCompressed() throws Exception {
    byte[] gzip = gzip(batchOf(TestSessions.token("wasm"), failure("docs-29m")).toString());

    raw(gzip, "gzip").post("/v1/telemetry").then().statusCode(202);
  }

  @Test
  void aBombIsNotInflated() throws Exception {
    raw(gzip(" ".repeat(40_000_000)), "gzip")
        .post("/v1/telemetry")
        .then()
        .statusCode(413)
        .contentType(PROBLEM)
        .body("type", equalTo("https://facet.dev/problems/batch-too-large"));
  }

  @Test
  void otherEncodingsAreNotTaken() {
    raw(new byte[] {1}, "br")
        .post("/v1/telemetry")
        .then()
        .statusCode(415)
        .contentType(PROBLEM)
        .header("Accept-Encoding", "gzip");
  }

  @Test
  void otherMediaTypesAreNotTaken() {
    given()
        .contentType("application/xml")
        .body("<a/>")
        .post("/v1/telemetry")
        .then()
        .statusCode(415)
        .contentType(PROBLEM)
        .body("status", equalTo(415));
  }

  @Test
  void aFaultIsNamedByItsPointer() {
    ObjectNode event = generation("docs-29m", "full-4", 40);
    event.put("decodeMsPerToken", "forty");

    json(batchOf(TestSessions.token("wasm"), failure("docs-29m"), event))
        .post("/v1/telemetry")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("type", equalTo("https://facet.dev/problems/malformed-telemetry"))
        .body("errors.pointer", hasItem("#/events/1/decodeMsPerToken"))
        .body("detail", containsString("#/events/1/decodeMsPerToken"))
        .body("detail", not(containsString("forty")));
    assertThat(log.received()).isEmpty();
  }

  @Test
  void brokenJsonIsAProblemWithoutATrace() {
    given()
        .contentType("application/json")
        .body("{\"session\": ")
        .post("/v1/telemetry")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.pointer", hasItem("#"))
        .body(not(containsString("Exception")));
  }

  @Test
  void aMissingOrForeignTokenIsRefused() {
    json(TestBatches.batch(failure("docs-29m")))
        .post("/v1/telemetry")
        .then()
        .statusCode(401)
        .contentType(PROBLEM)
        .header("WWW-Authenticate", "Facet-Session")
        .body("detail", containsString("POST /v1/profiles"));

    String foreign =
        TestSessions.token(
            TestSessions.claims("wasm", 60),
            "a-secret-that-somebody-else-made-up-at-home",
            AlgorithmIdentifiers.HMAC_SHA256);
    json(batchOf(foreign, failure("docs-29m"))).post("/v1/telemetry").then().statusCode(401);
  }

  @Test
  void anExpiredTokenSaysSo() {
    String expired =
        TestSessions.token(
            TestSessions.claims("wasm", -120),
            TestSessions.SECRET,
            AlgorithmIdentifiers.HMAC_SHA256);

    json(batchOf(expired, failure("docs-29m")))
        .post("/v1/telemetry")
        .then()
        .statusCode(401)
        .body("detail", containsString("expired"));
  }

  @Test
  void aLargeBatchIsRefusedBeforeItIsRead() {
    given()
        .contentType("application/json")
        .body(" ".repeat(3_000_000))
        .post("/v1/telemetry")
        .then()
        .statusCode(413)
        .contentType(PROBLEM)
        .body("limitBytes", equalTo(49152));
  }

  @Test
  void aLargeBatchOfUnknownLengthIsRefusedToo() throws Exception {
    String answer = postChunked(100_000);

    assertThat(answer).startsWith("HTTP/1.1 413").contains("batch-too-large");
  }

  @Test
  void aBusySessionIsSlowedDown() {
    String token = TestSessions.token("wasm");
    ObjectNode[] fifty = new ObjectNode[50];
    for (int i = 0; i < 50; i++) {
      fifty[i] = failure("docs-29m");
    }
    for (int i = 0; i < 4; i++) {
      json(batchOf(token, fifty)).post("/v1/telemetry").then().statusCode(202);
    }

    json(batchOf(token, fifty))
        .post("/v1/telemetry")
        .then()
        .statusCode(429)
        .contentType(PROBLEM)
        .header("Retry-After", matchesPattern("[1-9][0-9]?"));
  }

  @Test
  void whatKafkaRefusesIsNotAcknowledged() {
    faults.inject(report -> Uni.createFrom().failure(new IllegalStateException("gone")));

    unavailable();
  }

  @Test
  void whatKafkaDoesNotAnswerIsNotAcknowledged() {
    faults.inject(report -> Uni.createFrom().nothing());

    unavailable();
  }

  private void unavailable() {
    json(batchOf(TestSessions.token("wasm"), failure("docs-29m")))
        .post("/v1/telemetry")
        .then()
        .statusCode(503)
        .contentType(PROBLEM)
        .header("Retry-After", "5")
        .body("type", equalTo("https://facet.dev/problems/telemetry-unavailable"));
  }

  @Test
  void publishesTheSchemaOfABatch() {
    given()
        .get("/v1/telemetry/schema.json")
        .then()
        .statusCode(200)
        .body("properties.events.maxItems", equalTo(50));
  }

  @Test
  void unknownPathsAndMethodsAreProblems() {
    given().get("/v1/nothing").then().statusCode(404).contentType(PROBLEM);
    given().delete("/v1/telemetry").then().statusCode(405).contentType(PROBLEM);
  }

  @Test
  void describesItself() {
    given().get("/q/openapi").then().statusCode(200).body(containsString("/v1/telemetry/live"));
    given().get("/q/health").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/metrics").then().statusCode(200);
  }

  private static RequestSpecification json(ObjectNode batch) {
    return given().contentType("application/json").body(batch.toString());
  }

  private static RequestSpecification raw(byte[] body, String encoding) {
    return given()
        .config(
            RestAssured.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
        .contentType("application/json")
        .header("Content-Encoding", encoding)
        .body(body);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** The answer to a chunked body; a client library would announce its length. */
  private static String postChunked(int bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /v1/telemetry HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      String chunk = Integer.toHexString(bytes) + "\r\n" + " ".repeat(bytes) + "\r\n0\r\n\r\n";
      out.write(chunk.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String header(OutgoingKafkaRecordMetadata<?> record, String name) {
    return new String(record.getHeaders().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private ClientMetricsReported body(Message<byte[]> message) {
    EventEnvelope envelope =
        new EventEnvelope(
            UUID.randomUUID(), ClientMetricsReported.TYPE, Instant.now(), message.getPayload());
    return codec.body(envelope, ClientMetricsReported.class);
  }
}
