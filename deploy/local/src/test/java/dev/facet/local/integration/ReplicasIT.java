package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.local.integration.SharedMesh.Running;
import dev.facet.local.mesh.Service;
import dev.facet.local.process.ProcessRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The mesh stopped and started again, now with two processes that quantize. */
@Order(6)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedMesh.class)
class ReplicasIT {

  private static final Duration WORK = Duration.ofSeconds(60);
  private static final String HELD_BY =
      "select count(*) from import_task where model = ? and state = 'LEASED' and worker like ?";

  @Test
  @Order(1)
  void stoppingAndStartingKeepsModelsProfilesAndPolicies(Running mesh) {
    // Given
    mesh.models().publish(CheckpointFolder.wide(), "by-one");
    Browser browser = Browser.open(mesh.origin(), "firefox", 4);
    JsonNode measured = browser.planOncePublished("by-one");
    browser.send(browser.generation(measured, 10)).expect(202);
    await().atMost(WORK).until(() -> policies(mesh).stream().anyMatch(p -> p.contains("by-one")));
    JsonNode models = mesh.origin().get("/v1/models").json();
    List<String> policies = policies(mesh);

    // When
    mesh.restart(2);

    // Then
    Origin origin = mesh.origin();
    assertThat(origin.get("/v1/models").json()).isEqualTo(models);
    assertThat(policies(mesh)).isEqualTo(policies);
    Browser known =
        new Browser(origin, browser.profile(), browser.deviceClass(), browser.session());
    JsonNode plan = known.plan("by-one");
    origin.get("/v1/streams/" + plan.path("bundle").asText()).expect(200);
    known.send(known.generation(plan, 10)).expect(202);
  }

  @Test
  @Order(2)
  void aWorkerThatDiesAtAnImportThatTwoShareLosesAndDoublesNothing(Running mesh) {
    // Given
    mesh.models().begin(CheckpointFolder.wide(), "by-two").expect(202);
    ProcessRecord first = worker(mesh, "quantization");
    ProcessRecord second = worker(mesh, "quantization-2");

    // When one of two that work is killed with a task in its hands
    try (Database database = mesh.database(Service.QUANTIZATION)) {
      Set<Long> seen = new TreeSet<>();
      await("both at work")
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .atMost(WORK)
          .until(
              () -> {
                noteIfWorking(database, first, seen);
                noteIfWorking(database, second, seen);
                return seen.size() == 2 && holds(database, second);
              });
      second.find().orElseThrow().destroyForcibly();
      assertThat(holds(database, second)).as("the dead worker's lease").isTrue();
    }

    // Then
    JsonNode shared = mesh.models().awaitEnd("by-two", "published");
    JsonNode alone = mesh.models().one("by-one");
    assertThat(shared.path("revision")).isEqualTo(alone.path("revision"));
    assertThat(shared.path("points")).isEqualTo(alone.path("points"));
    assertThat(shared.at("/progress/done")).isEqualTo(shared.at("/progress/total"));
    assertThat(frames(mesh.origin(), "by-two")).isEqualTo(frames(mesh.origin(), "by-one"));
    assertThat(shared.at("/edition/name").asText()).isEqualTo("calibrated");
    assertThat(mesh.records().count("model-published", "by-two")).isEqualTo(2);
    try (Database database = mesh.database(Service.QUANTIZATION)) {
      assertThat(database.count("select count(*) from import_task")).isZero();
    }
  }

  /** What was decided; evidence and reason are those of the last look, which goes on. */
  private static List<String> policies(Running mesh) {
    List<String> decided = new ArrayList<>();
    for (JsonNode policy : mesh.origin().get("/v1/policies").expect(200).json().path("policies")) {
      decided.add(
          Stream.of("model", "deviceClass", "point", "decidedAt", "history")
              .map(member -> policy.path(member).toString())
              .collect(Collectors.joining(" ")));
    }
    return decided;
  }

  private static ProcessRecord worker(Running mesh, String name) {
    return mesh.mesh().process(name).orElseThrow();
  }

  private static void noteIfWorking(Database database, ProcessRecord worker, Set<Long> seen) {
    if (holds(database, worker)) {
      seen.add(worker.pid());
    }
  }

  private static boolean holds(Database database, ProcessRecord worker) {
    return database.count(HELD_BY, "by-two", worker.pid() + "-%") > 0;
  }

  /** Digests of all that a browser loads, in order. */
  private static JsonNode frames(Origin origin, String model) {
    Browser browser = Browser.open(origin, "chromium", 16);
    String bundle = browser.planOncePublished(model).path("bundle").asText();
    return origin.get("/v1/bundles/" + bundle).expect(200).json().path("frames");
  }
}
