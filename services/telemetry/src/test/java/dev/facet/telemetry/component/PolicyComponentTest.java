package dev.facet.telemetry.component;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.messaging.EventCodec;
import dev.facet.kernel.messaging.EventEnvelope;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.telemetry.application.TunePolicies;
import dev.facet.telemetry.application.TuningQueue;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.ValidatableResponse;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class PolicyComponentTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject EventCodec codec;
  @Inject TunePolicies tuning;
  @Inject TuningQueue queue;

  private Fleet fleet;

  @BeforeEach
  void connect() {
    fleet = new Fleet(connector);
  }

  @Test
  void aSlowClassGetsFewerBitsAndThemBackWhenTheCauseGoes() {
    fleet.publish("policy-1");
    fleet.measure("policy-1", "wasm.slow", "full-4", 140, 150, 160);

    awaitPoint("policy-1", "wasm.slow", "full-3");
    policy("policy-1", "wasm.slow")
        .body("defaultPoint", equalTo("full-4"))
        .body("targetMsPerToken.toDouble()", equalTo(100.0))
        .body("evidence.point", equalTo("full-4"))
        .body("evidence.sessions", equalTo(3))
        .body("evidence.medianMsPerToken.toDouble()", closeTo(150, 1.6))
        .body("reason", containsString("misses the target"))
        .body("history", hasSize(1))
        .body("history[0].from", equalTo("full-4"))
        .body("history[0].to", equalTo("full-3"));

    fleet.measure("policy-1", "wasm.slow", "full-3", 30, 31, 32);

    awaitPoint("policy-1", "wasm.slow", "full-4");
    policy("policy-1", "wasm.slow")
        .body("history", hasSize(2))
        .body("history[0].to", equalTo("full-4"))
        .body("reason", containsString("more bits"));
    await().atMost(SOON).until(() -> told("policy-1").size() == 2);
    assertThat(told("policy-1"))
        .extracting(PrecisionPolicyChanged::point)
        .containsExactly("full-3", "full-4");
    assertThat(told("policy-1").get(0).previous()).isEqualTo("full-4");
    assertThat(told("policy-1").get(0).evidence().sessions()).isEqualTo(3);
  }

  @Test
  void aPolicyExplainsItsGuardRails() {
    fleet.publish("policy-2");
    fleet.measure("policy-2", "wasm.a", "full-4", 40, 50);

    awaitSessions("policy-2", "wasm.a", 2);

    policy("policy-2", "wasm.a")
        .body("point", equalTo("full-4"))
        .body("guardRails.minSessions", equalTo(3))
        .body("guardRails.points.id", equalTo(List.of("full-2", "full-3", "full-4")))
        .body("guardRails.points.allowed", equalTo(List.of(false, true, true)))
        .body("measured", hasSize(1))
        .body("measured[0].point", equalTo("full-4"));
    given().get("/v1/policies").then().statusCode(200).body("policies.model", hasItems("policy-2"));
  }

  @Test
  void oneSessionIsOneVoteHoweverMuchItSends() {
    fleet.publish("policy-3");
    var first = Fleet.report("policy-3", "wasm.a", "full-4", 500, false);
    for (int i = 0; i < 6; i++) {
      var more = Fleet.report("policy-3", "wasm.a", "full-4", 500, false);
      fleet.tell(
          "client-metrics",
          new ClientMetricsReported(
              first.session(),
              more.model(),
              more.deviceClass(),
              more.receivedAt(),
              more.loads(),
              more.generations(),
              more.failures()));
    }

    awaitSessions("policy-3", "wasm.a", 1);
    policy("policy-3", "wasm.a").body("point", equalTo("full-4"));
  }

  @Test
  void pinnedPlansDoNotVote() throws Throwable {
    fleet.publish("policy-4");
    for (int i = 0; i < 5; i++) {
      fleet.tell("client-metrics", Fleet.report("policy-4", "wasm.a", "full-4", 500, true));
    }

    VertxContextSupport.subscribeAndAwait(tuning::round);

    given().get("/v1/policies/policy-4/wasm.a").then().statusCode(404);
    fleet.measure("policy-4", "wasm.a", "full-4", 40);
    awaitSessions("policy-4", "wasm.a", 1);
  }

  @Test
  void measurementsThatComeBeforeTheModelAreNotLost() {
    fleet.measure("policy-5", "wasm.a", "full-4", 140, 150, 160);

    fleet.publish("policy-5");

    awaitPoint("policy-5", "wasm.a", "full-3");
  }

  @Test
  void aPointThatLosesItsQualityIsReplaced() {
    fleet.publish("policy-6");
    fleet.measure("policy-6", "wasm.a", "full-4", 140, 150, 160);
    awaitPoint("policy-6", "wasm.a", "full-3");

    fleet.tell("model-published", Fleet.model("policy-6", Instant.now(), 0.9));

    awaitPoint("policy-6", "wasm.a", "full-4");
    policy("policy-6", "wasm.a").body("reason", containsString("loses too much quality"));
  }

  @Test
  void anOlderPublicationChangesNothing() {
    fleet.tell("model-published", Fleet.model("policy-7", Instant.now(), 0.06));
    fleet.tell("model-published", Fleet.model("policy-7", Instant.now().minusSeconds(99), 0.9));
    fleet.measure("policy-7", "wasm.a", "full-4", 140, 150, 160);

    awaitPoint("policy-7", "wasm.a", "full-3");
  }

  @Test
  void aWithdrawnModelHasNoPolicies() {
    fleet.publish("policy-8");
    fleet.measure("policy-8", "wasm.a", "full-4", 40);
    awaitSessions("policy-8", "wasm.a", 1);

    fleet.tell("model-published", new ModelWithdrawn("policy-8", Instant.now()));

    given().get("/v1/policies/policy-8/wasm.a").then().statusCode(404);
  }

  /** Rounds that run at the same moment, as two replicas would: one of them decides. */
  @Test
  void replicasDecideOnce() throws Exception {
    fleet.publish("policy-9");
    fleet.measure("policy-9", "wasm.a", "full-4", 140, 150, 160);
    PolicyKey key = new PolicyKey("policy-9", "wasm.a");
    ExecutorService replicas = Executors.newFixedThreadPool(6);
    try {
      Callable<Object> round =
          () -> {
            queue.add(key);
            return subscribe();
          };
      List<Future<Object>> rounds =
          replicas.invokeAll(IntStream.range(0, 12).mapToObj(i -> round).toList());
      for (Future<Object> done : rounds) {
        done.get();
      }
    } finally {
      replicas.shutdown();
    }

    awaitPoint("policy-9", "wasm.a", "full-3");
    policy("policy-9", "wasm.a").body("history", hasSize(1));
    await().atMost(SOON).until(() -> told("policy-9").size() == 1);
  }

  /** What a process had queued when it died is found by the sweep. */
  @Test
  void theSweepFindsWhatARestartForgot() throws Throwable {
    fleet.measure("policy-10", "wasm.a", "full-4", 140, 150, 160);
    VertxContextSupport.subscribeAndAwait(tuning::round);
    given().get("/v1/policies/policy-10/wasm.a").then().statusCode(404);

    VertxContextSupport.subscribeAndAwait(tuning::sweep);
    fleet.publish("policy-10");

    awaitPoint("policy-10", "wasm.a", "full-3");
  }

  @Test
  void unknownPoliciesAreProblems() {
    given()
        .get("/v1/policies/never-measured/wasm.a")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("https://facet.dev/problems/not-found"));
    given()
        .get("/v1/policies/NOT A MODEL/wasm.a")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  private Object subscribe() throws Exception {
    try {
      return VertxContextSupport.subscribeAndAwait(tuning::round);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitPoint(String model, String deviceClass, String point) {
    await().atMost(SOON).until(() -> point.equals(read(model, deviceClass, "point")));
  }

  private static void awaitSessions(String model, String deviceClass, int sessions) {
    await()
        .atMost(SOON)
        .until(
            () -> Integer.valueOf(sessions).equals(read(model, deviceClass, "evidence.sessions")));
  }

  /** A member of a policy, null while there is none. */
  private static Object read(String model, String deviceClass, String member) {
    return given().get("/v1/policies/" + model + "/" + deviceClass).path(member);
  }

  private static ValidatableResponse policy(String model, String deviceClass) {
    return given().get("/v1/policies/" + model + "/" + deviceClass).then().statusCode(200);
  }

  /** Policy events of a model that left through the outbox, in order. */
  private List<PrecisionPolicyChanged> told(String model) {
    return connector.<byte[]>sink("outbox").received().stream()
        .filter(message -> topic(message).equals("precision-policies"))
        .map(message -> changed(message.getPayload()))
        .filter(event -> event.model().equals(model))
        .collect(Collectors.toList());
  }

  private static String topic(Message<byte[]> message) {
    return message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow().getTopic();
  }

  private PrecisionPolicyChanged changed(byte[] body) {
    return codec.body(
        new EventEnvelope(UUID.randomUUID(), PrecisionPolicyChanged.TYPE, Instant.now(), body),
        PrecisionPolicyChanged.class);
  }
}
