package dev.facet.telemetry.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.kernel.testing.TestEvents;
import dev.facet.telemetry.application.AggregateStore;
import dev.facet.telemetry.application.LogStretch;
import dev.facet.telemetry.domain.aggregate.Tally;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import io.smallrye.reactive.messaging.memory.InMemorySink;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class CountingComponentTest {
  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject AggregateStore aggregates;

  private final ExecutorService twoAtOnce = Executors.newFixedThreadPool(2);
  private Fleet fleet;

  @AfterEach
  void end() {
    twoAtOnce.shutdownNow();
  }

  @BeforeEach
  void connect() {
    fleet = new Fleet(connector);
  }

  @Test
  void aRecordReadTwiceCountsOnce() {
    ClientMetricsReported report = Fleet.report("count-1", "wasm.a", "full-4", 40, false);
    fleet.tell("client-metrics", report);
    fleet.tell("client-metrics", report);

    cells("count-1")
        .body("cells", hasSize(1))
        .body("cells[0].events", equalTo(1))
        .body("cells[0].sessions", equalTo(1))
        .body("cells[0].tokens", equalTo(32))
        .body("cells[0].decodeMsPerToken.p50.toDouble()", closeTo(40, 0.5));
  }

  @Test
  void aBatchSentAgainAsAnotherRecordCountsOnce() {
    ClientMetricsReported report = Fleet.report("count-2", "wasm.a", "full-4", 40, false);
    fleet.tell("client-metrics", report, UUID.randomUUID());
    fleet.tell("client-metrics", report, UUID.randomUUID());

    cells("count-2").body("cells[0].events", equalTo(1));
  }

  @Test
  void anotherSessionMayUseTheSameEventId() {
    ClientMetricsReported one = Fleet.report("count-3", "wasm.a", "full-4", 40, false);
    ClientMetricsReported two =
        new ClientMetricsReported(
            "another",
            one.model(),
            one.deviceClass(),
            one.receivedAt(),
            one.loads(),
            one.generations(),
            one.failures());
    fleet.tell("client-metrics", one);
    fleet.tell("client-metrics", two);

    cells("count-3").body("cells[0].events", equalTo(2)).body("cells[0].sessions", equalTo(2));
  }

  @Test
  void replicasCountTogetherWithoutLosingOrDoublingAnything() {
    List<LogStretch> stretches =
        IntStream.range(0, 4).mapToObj(CountingComponentTest::stretch).toList();

    // Each stretch by two replicas at once, as around a rebalance; all meet in one cell.
    Stream.concat(stretches.stream(), stretches.stream())
        .map(stretch -> CompletableFuture.runAsync(() -> aggregates.count(stretch), twoAtOnce))
        .toList()
        .forEach(CompletableFuture::join);

    cells("count-4")
        .body("cells[0].generations", equalTo(40))
        .body("cells[0].sessions", equalTo(40))
        .body("cells[0].decodeMsPerToken.p50.toDouble()", closeTo(29, 1))
        .body("cells[0].timeToFirstTokenMs.p95.toDouble()", closeTo(94, 2.5));
  }

  private static LogStretch stretch(int partition) {
    List<ClientMetricsReported> reports =
        IntStream.range(0, 10)
            .mapToObj(i -> 10 + 10 * partition + i)
            .map(ms -> Fleet.report("count-4", "wasm.a", "full-4", ms, false))
            .toList();
    return new LogStretch(new TreeMap<>(Map.of(100 + partition, 10L)), reports);
  }

  @Test
  void whatOnePollBringsIsCountedTogether() {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ClientMetricsReported report = Fleet.report("count-12", "wasm.a", "full-4", 40, false);
      records.add(TestEvents.record(report, UUID.randomUUID()));
      records.add(TestEvents.record(report, UUID.randomUUID()));
    }

    fleet.poll(records);

    cells("count-12").body("cells[0].events", equalTo(30)).body("cells[0].sessions", equalTo(30));
  }

  @Test
  void aReportThatCannotBeStoredHoldsUpNothingBesideIt() {
    ClientMetricsReported fault = Fleet.report("count-13\0", "wasm.a", "full-4", 40, false);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ClientMetricsReported report = Fleet.report("count-13", "wasm.a", "full-4", 40, false);
      records.add(TestEvents.record(report, UUID.randomUUID()));
    }
    records.add(2, TestEvents.record(fault, UUID.randomUUID()));
    InMemorySink<byte[]> dead = connector.sink("client-metrics-dlq");
    dead.clear();

    fleet.poll(records);

    cells("count-13").body("cells[0].events", equalTo(5));
    assertThat(dead.received()).hasSize(1);
  }

  @Test
  void whatComesAfterItsWindowWasForgottenIsLeftOut() {
    ClientMetricsReported report = Fleet.report("count-14", "wasm.a", "full-4", 40, false);
    ClientMetricsReported.Generation old = report.generations().get(0);
    ClientMetricsReported.Source source = old.source();
    Instant longAgo = Instant.now().minus(Duration.ofDays(7).plusMinutes(1));
    ClientMetricsReported late =
        new ClientMetricsReported(
            report.session(),
            report.model(),
            report.deviceClass(),
            longAgo,
            List.of(),
            List.of(
                new ClientMetricsReported.Generation(
                    new ClientMetricsReported.Source(
                        source.id(), longAgo, null, null, "full-4", "wasm", false),
                    8,
                    32,
                    80.0,
                    3.0,
                    40.0,
                    false)),
            List.of());

    Tally tally = aggregates.count(new LogStretch(new TreeMap<>(Map.of(0, 1L)), List.of(late)));

    assertThat(tally.late()).isEqualTo(1);
    assertThat(tally.events()).isZero();
  }

  @Test
  void failuresBeforeAPlanHaveACellOfTheirOwn() {
    fleet.tell("client-metrics", Fleet.failure("count-5", "wasm.a"));

    cells("count-5")
        .body("cells[0].point", equalTo("unplanned"))
        .body("cells[0].failures", equalTo(1))
        .body("cells[0].decodeMsPerToken", nullValue());
  }

  @Test
  void cellsAreFilteredByClass() {
    fleet.measure("count-6", "wasm.a", "full-4", 40);
    fleet.measure("count-6", "wasm.b", "full-4", 50);

    given()
        .queryParam("model", "count-6")
        .queryParam("deviceClass", "wasm.b")
        .get("/v1/telemetry/aggregates")
        .then()
        .body("cells.deviceClass", equalTo(List.of("wasm.b")));
  }

  @Test
  void aPeriodOutOfBoundsIsAProblem() {
    given()
        .queryParam("hours", 0)
        .get("/v1/telemetry/aggregates")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @Test
  void whatIsNoEventGoesToTheDeadLettersAndHoldsUpNothing() {
    InMemorySink<byte[]> dead = connector.sink("client-metrics-dlq");
    dead.clear();

    fleet.poll(
        List.of(
            Fleet.malformed(Fleet.failure("count-7", "wasm.a")),
            TestEvents.record(Fleet.failure("count-7", "wasm.a"), UUID.randomUUID())));

    cells("count-7").body("cells[0].failures", equalTo(1));
    assertThat(dead.received()).hasSize(1);
  }

  @Test
  void deliveriesAreCountedOncePerEvent() {
    ShardsDelivered whole =
        new ShardsDelivered(
            "s1",
            "count-8~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f",
            "count-8",
            74,
            17_000_000,
            800,
            true,
            Instant.now());
    ShardsDelivered cut =
        new ShardsDelivered(
            "s2", whole.bundle(), "count-8", 3, 1_000_000, 90, false, Instant.now());
    UUID id = UUID.randomUUID();
    fleet.tell("shards-delivered", whole, id);
    fleet.tell("shards-delivered", whole, id);
    fleet.tell("shards-delivered", cut);

    cells("count-8")
        .body("deliveries[0].point", equalTo("full-4"))
        .body("deliveries[0].streams", equalTo(2))
        .body("deliveries[0].completeStreams", equalTo(1))
        .body("deliveries[0].bytes", equalTo(18_000_000));
  }

  @Test
  void theFleetShowsClassesWithTheirSessions() {
    Instant now = Instant.now();
    UUID again = UUID.randomUUID();
    DeviceProfiled first =
        new DeviceProfiled("p1", "wasm.fleet", "An old description.", "wasm", now.minusSeconds(9));
    fleet.tell("device-profiles", first, again);
    fleet.tell("device-profiles", first, again);
    fleet.tell(
        "device-profiles", new DeviceProfiled("p2", "wasm.fleet", "A description.", "wasm", now));
    fleet.measure("count-9", "wasm.fleet", "full-4", 40, 50, 60);

    given()
        .get("/v1/telemetry/fleet")
        .then()
        .statusCode(200)
        .body("classes.deviceClass", hasItem("wasm.fleet"))
        .body("classes.find { it.deviceClass == 'wasm.fleet' }.profiles", equalTo(2))
        .body("classes.find { it.deviceClass == 'wasm.fleet' }.sessions", equalTo(3))
        .body(
            "classes.find { it.deviceClass == 'wasm.fleet' }.description",
            equalTo("A description."));
  }

  @Test
  void oldMeasurementsAreForgotten() {
    fleet.measure("count-10", "wasm.a", "full-4", 40);
    Instant inTwoDays = Instant.now().plus(Duration.ofDays(2));
    assertThat(cells("count-10").extract().<List<?>>path("cells")).hasSize(1);

    aggregates.forget(Instant.now(), inTwoDays).await().indefinitely();
    assertThat(cells("count-10").extract().<List<?>>path("cells")).hasSize(1);
    aggregates.forget(inTwoDays, inTwoDays).await().indefinitely();

    assertThat(cells("count-10").extract().<List<?>>path("cells")).isEmpty();
    fleet.measure("count-10", "wasm.a", "full-4", 40);
    assertThat(cells("count-10").extract().<List<?>>path("cells")).hasSize(1);
  }

  @Test
  void whatTheDashboardOfOperatorsAsksForIsExported() throws Exception {
    fleet.measure("count-15", "wasm.a", "full-4", 40);
    ClientMetricsReported load =
        new ClientMetricsReported(
            "a-session",
            "count-15",
            "wasm.a",
            Instant.now(),
            List.of(
                new ClientMetricsReported.Load(
                    Fleet.failure("count-15", "wasm.a").failures().get(0).source(), 1, 2, 3, 4)),
            List.of(),
            List.of());
    fleet.tell("client-metrics", load);
    given().post("/v1/telemetry").then().statusCode(415);
    String dashboard =
        Files.readString(Path.of("../../deploy/observability/grafana-dashboard.json"));
    Set<String> named =
        Pattern.compile("\\b(facet|http_server)_[a-z_]+")
            .matcher(dashboard)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));

    String exported = given().get("/q/metrics").then().statusCode(200).extract().asString();

    assertThat(named).hasSizeGreaterThan(10);
    assertThat(named)
        .allSatisfy(name -> assertThat(exported).containsPattern("(?m)^" + name + "[ {]"));
  }

  private static ValidatableResponse cells(String model) {
    return given()
        .queryParam("model", model)
        .get("/v1/telemetry/aggregates")
        .then()
        .statusCode(200);
  }
}
