package dev.facet.telemetry.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.TestBatches;
import dev.facet.telemetry.domain.measurement.Fault;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.session.Session;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchReaderTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-23T12:00:00Z");
  private static final Session SESSION = new Session("session-1", "wasm.chromium");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BatchReader reader = new BatchReader(50);

  @Test
  void readsEveryType() {
    ObjectNode batch =
        TestBatches.batch(
            TestBatches.load("docs-29m", "full-4"),
            TestBatches.generation("docs-29m", "full-4", 41.5),
            TestBatches.failure("docs-29m"));

    List<ClientMetricsReported> reports = read(batch, SESSION, RECEIVED);

    assertThat(reports).hasSize(1);
    ClientMetricsReported report = reports.get(0);
    assertThat(report.deviceClass()).isEqualTo("wasm.chromium");
    assertThat(report.session()).isEqualTo("session-1");
    assertThat(report.loads()).hasSize(1);
    assertThat(report.generations().get(0).decodeMsPerToken()).isEqualTo(41.5);
    assertThat(report.failures().get(0).source().plan()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeToFirstTokenMs", "prefillMsPerToken", "decodeMsPerToken"})
  void timesThatCouldNotBeToldMayBeNullOrLeftOut(String field) {
    ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40.0);
    event.remove(field);
    ObjectNode same = TestBatches.generation("docs-29m", "full-4", 40.0);
    same.putNull(field);

    ClientMetricsReported report = read(TestBatches.batch(event, same), SESSION, RECEIVED).get(0);

    assertThat(report.generations())
        .allSatisfy(
            generation ->
                assertThat(
                        Stream.of(
                                generation.timeToFirstTokenMs(),
                                generation.prefillMsPerToken(),
                                generation.decodeMsPerToken())
                            .filter(Objects::isNull))
                    .hasSize(1));
  }

  @Test
  void aFailureNeedsNoPlan() {
    ObjectNode event = TestBatches.failure("docs-29m");
    event.remove("plan");
    event.remove("bundle");
    event.remove("point");
    event.remove("backend");

    ClientMetricsReported report = read(TestBatches.batch(event), SESSION, RECEIVED).get(0);

    assertThat(report.failures()).hasSize(1);
  }

  @Test
  void classAndSessionOfTheBodyAreIgnored() {
    ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40.0);
    event.put("deviceClass", "webgpu.fast").put("profile", "another");

    ClientMetricsReported report = read(TestBatches.batch(event), SESSION, RECEIVED).get(0);

    assertThat(report.deviceClass()).isEqualTo("wasm.chromium");
  }

  @Test
  void aBatchOfTwoModelsMakesTwoReports() {
    ObjectNode batch =
        TestBatches.batch(
            TestBatches.generation("docs-29m", "full-4", 40.0),
            TestBatches.generation("other", "full-3", 50.0),
            TestBatches.generation("docs-29m", "full-4", 42.0));

    List<ClientMetricsReported> reports = read(batch, SESSION, RECEIVED);

    assertThat(reports)
        .extracting(ClientMetricsReported::model)
        .containsExactly("docs-29m", "other");
    assertThat(reports.get(0).generations()).hasSize(2);
  }

  @Test
  void timesAreCorrectedByTheServicesClock() {
    ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40.0);
    event.put("at", "2001-01-01T00:00:00Z");
    ObjectNode batch = TestBatches.batch(event);
    batch.put("sentAt", "2001-01-01T00:00:09Z");

    Instant at = read(batch, SESSION, RECEIVED).get(0).generations().get(0).source().at();

    assertThat(at).isEqualTo(RECEIVED.minusSeconds(9));
  }

  @ParameterizedTest
  @CsvSource({
    "id, '\"x\"'",
    "id, null",
    "type, '\"chat\"'",
    "at, '\"yesterday\"'",
    "at, 12",
    "plan, '\"7\"'",
    "plan, null",
    "bundle, '\"docs-29m\"'",
    "bundle, '\"other~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f\"'",
    "model, '\"Docs\"'",
    "model, '\"../../etc/passwd\"'",
    "point, '\"a b\"'",
    "backend, '\"cuda\"'",
    "pinned, '\"yes\"'",
    "promptTokens, -1",
    "promptTokens, 1.5",
    "tokens, '\"20\"'",
    "tokens, 99999999999999999999",
    "timeToFirstTokenMs, -0.1",
    "prefillMsPerToken, true",
    "decodeMsPerToken, 1e300",
    "decodeMsPerToken, '\"40\"'",
    "decodeMsPerToken, []",
  })
  void namesTheFieldThatIsWrong(String field, String value) throws Exception {
    ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40.0);
    event.set(field, JSON.readTree(value));
    ObjectNode batch = TestBatches.batch(TestBatches.generation("docs-29m", "full-4", 40.0), event);

    assertThat(pointers(batch)).contains("#/events/1/" + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "downloadMs", "readyMs", "cacheHits", "plan", "backend", "at"})
  void aLoadLacksNothing(String field) {
    ObjectNode event = TestBatches.load("docs-29m", "full-4");
    event.remove(field);

    MalformedTelemetry problem = problem(TestBatches.batch(event));

    assertThat(problem.getMessage()).contains("#/events/0/" + field).contains("is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Out of memory!", "", "a secret sentence", "<script>"})
  void aFailureHasNoFreeText(String text) {
    ObjectNode event = TestBatches.failure("docs-29m");
    event.put("code", text);

    MalformedTelemetry problem = problem(TestBatches.batch(event));

    assertThat(problem.getMessage()).contains("#/events/0/code");
    assertThat(text.isEmpty() || !problem.getMessage().contains(text)).isTrue();
  }

  @Test
  void gathersAllFaultsButShowsTen() {
    ArrayNode events = JSON.createArrayNode();
    for (int i = 0; i < 12; i++) {
      ObjectNode event = TestBatches.generation("docs-29m", "full-4", 40.0);
      event.put("tokens", -1);
      events.add(event);
    }
    ObjectNode batch = TestBatches.batch();
    batch.set("events", events);

    MalformedTelemetry problem = problem(batch);

    assertThat(problem.getMessage()).contains("(and 11 more)");
    assertThat((List<?>) problem.members().get("errors")).hasSize(10);
  }

  @Test
  void aBatchHasOneToFiftyEvents() throws Exception {
    ObjectNode none = TestBatches.batch();
    ObjectNode many = TestBatches.batch();
    ArrayNode events = many.putArray("events");
    for (int i = 0; i < 51; i++) {
      events.add(TestBatches.failure("docs-29m"));
    }

    assertThat(pointers(none)).containsExactly("#/events");
    assertThat(pointers(many)).containsExactly("#/events");
    assertThat(pointers(JSON.readTree("{\"events\": {}}"))).containsExactly("#/events");
    assertThat(pointers(JSON.readTree("{}"))).containsExactly("#/events");
  }

  @Test
  void eventsMustBeObjects() throws Exception {
    JsonNode batch =
        JSON.readTree("{\"sentAt\": \"2026-11-23T12:00:00Z\", \"events\": [null, 7, \"x\", []]}");

    assertThat(pointers(batch))
        .contains("#/events/0/type", "#/events/1/type", "#/events/2/type", "#/events/3/type");
  }

  private List<String> pointers(JsonNode batch) {
    return ((List<?>) problem(batch).members().get("errors"))
        .stream().map(fault -> ((Fault) fault).pointer()).toList();
  }

  private List<ClientMetricsReported> read(JsonNode batch, Session session, Instant receivedAt) {
    byte[] body = batch.toString().getBytes(StandardCharsets.UTF_8);
    return reader.read(body, receivedAt).reports(session);
  }

  private MalformedTelemetry problem(JsonNode batch) {
    return catchThrowableOfType(MalformedTelemetry.class, () -> read(batch, SESSION, RECEIVED));
  }

  @Test
  void whatEventsNeedMayStandBehindThem() throws Exception {
    ObjectNode batch = TestBatches.batch(TestBatches.generation("docs-29m", "full-4", 40.0));
    ObjectNode turned = JSON.createObjectNode();
    turned.set("events", batch.get("events"));
    turned.set("sentAt", batch.get("sentAt"));
    turned.put("session", "token");

    assertThat(read(turned, SESSION, RECEIVED)).isEqualTo(read(batch, SESSION, RECEIVED));
    assertThat(reader.read(turned.toString().getBytes(StandardCharsets.UTF_8), RECEIVED).token())
        .isEqualTo("token");
  }

  @Test
  void aMemberTwiceIsAFault() {
    String event = TestBatches.failure("docs-29m").put("code", "network").toString();
    String twice = event.replace("\"code\":", "\"code\":\"other\",\"code\":");
    String batch = TestBatches.batch().toString().replace("[]", "[" + twice + "]");

    MalformedTelemetry problem =
        catchThrowableOfType(
            MalformedTelemetry.class,
            () -> reader.read(batch.getBytes(StandardCharsets.UTF_8), RECEIVED).reports(SESSION));

    assertThat(problem).hasMessageContaining("#/events/0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "{} {}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": NaN}",
        "{\"sentAt\": \"2026-11-23T12:00:00Z\", \"events\": [{\"a\": ",
        "{\"events\": [], \"a\": tru"
      })
  void refusesWhatIsNoJsonObject(String body) {
    assertThatThrownBy(() -> reader.read(body.getBytes(StandardCharsets.UTF_8), RECEIVED))
        .isInstanceOf(MalformedTelemetry.class);
  }

  @Test
  void refusesDeepNesting() {
    byte[] deep = ("{\"a\":" + "[".repeat(500)).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> reader.read(deep, RECEIVED)).isInstanceOf(MalformedTelemetry.class);
  }

  /** Whatever bytes come, the answer is a problem and never another exception. */
  @Test
  void alteredBatchesAreReadOrRefused() {
    byte[] whole =
        TestBatches.batch(
                TestBatches.load("docs-29m", "full-4"),
                TestBatches.generation("docs-29m", "full-4", 40.0),
                TestBatches.failure("docs-29m"))
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    String bytes = "{}[]\":,0-9eE.\\u ";
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = Arrays.copyOf(whole, whole.length - random.nextInt(3) * random.nextInt(50));
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = random.nextInt(body.length);
        body[at] =
            (byte) (i % 5 == 0 ? random.nextInt() : bytes.charAt(random.nextInt(bytes.length())));
      }
      try {
        reader.read(body, RECEIVED).reports(SESSION);
      } catch (MalformedTelemetry refused) {
        assertThat(refused.status()).isEqualTo(400);
      }
    }
  }
}
