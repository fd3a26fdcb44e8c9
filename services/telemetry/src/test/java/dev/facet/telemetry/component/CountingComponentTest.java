package dev.facet.telemetry.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.DeviceProfiled;
import dev.facet.kernel.event.ShardsDelivered;
import dev.facet.kernel.messaging.MalformedEvent;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.telemetry.application.AggregateStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class CountingComponentTest {
  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject AggregateStore aggregates;

  private Fleet fleet;

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
  void replicasCountTogetherWithoutLosingAnything() {
    List<ClientMetricsReported> reports =
        IntStream.range(0, 40)
            .mapToObj(i -> Fleet.report("count-4", "wasm.a", "full-4", 10 + i, false))
            .toList();

    Uni.join()
        .all(Stream.concat(reports.stream(), reports.stream()).map(aggregates::count).toList())
        .andFailFast()
        .await()
        .atMost(Duration.ofSeconds(30));

    cells("count-4")
        .body("cells[0].generations", equalTo(40))
        .body("cells[0].sessions", equalTo(40))
        .body("cells[0].decodeMsPerToken.p50.toDouble()", closeTo(29, 1))
        .body("cells[0].timeToFirstTokenMs.p95.toDouble()", closeTo(94, 2.5));
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
    CompletableFuture<Void> outcome = new CompletableFuture<>();

    fleet.tell("client-metrics", Fleet.malformed(Fleet.failure("count-7", "wasm.a"), outcome));

    assertThatThrownBy(() -> outcome.orTimeout(10, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(MalformedEvent.class);
    fleet.tell("client-metrics", Fleet.failure("count-7", "wasm.a"));
    cells("count-7").body("cells[0].failures", equalTo(1));
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
    Instant future = Instant.now().plusSeconds(1200);
    assertThat(cells("count-10").extract().<List<?>>path("cells")).hasSize(1);

    aggregates.forget(Instant.now().minusSeconds(3600), future).await().indefinitely();
    assertThat(cells("count-10").extract().<List<?>>path("cells")).hasSize(1);
    aggregates.forget(future, future).await().indefinitely();

    assertThat(cells("count-10").extract().<List<?>>path("cells")).isEmpty();
  }

  private static ValidatableResponse cells(String model) {
    return given()
        .queryParam("model", model)
        .get("/v1/telemetry/aggregates")
        .then()
        .statusCode(200);
  }
}
