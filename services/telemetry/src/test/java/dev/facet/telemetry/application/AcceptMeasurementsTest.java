package dev.facet.telemetry.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.TestConfigs;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.measurement.TelemetryUnavailable;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AcceptMeasurementsTest {
  private final List<UniEmitter<? super Void>> log = new ArrayList<>();
  private final AcceptMeasurements accept =
      new AcceptMeasurements(
          report -> Uni.createFrom().emitter(log::add),
          TestConfigs.of(
              IngestConfig.class,
              Map.of("facet.ingest.max-waiting", "2", "facet.ingest.ack-timeout", "0.2s")));

  @Test
  void completesOnlyOnceTheLogHasEverything() {
    UniAssertSubscriber<Void> answer = send("docs-29m", "other");

    log.get(0).complete(null);
    answer.assertNotTerminated();
    log.get(1).complete(null);

    answer.awaitItem();
  }

  @Test
  void aRefusalOfTheLogIsAProblem() {
    UniAssertSubscriber<Void> answer = send("docs-29m");

    log.get(0).fail(new IllegalStateException("no leader"));

    assertThat(answer.awaitFailure().getFailure()).isInstanceOf(TelemetryUnavailable.class);
  }

  @Test
  void aSilentLogIsAProblemInTime() {
    UniAssertSubscriber<Void> answer = send("docs-29m");

    Throwable failure = answer.awaitFailure(Duration.ofSeconds(5)).getFailure();

    assertThat(failure).isInstanceOf(TelemetryUnavailable.class);
    assertThat(((TelemetryUnavailable) failure).headers()).containsEntry("Retry-After", "5");
  }

  @Test
  void whatWaitsIsBoundedAlsoAfterRequestsGaveUp() {
    send("docs-29m").awaitFailure(Duration.ofSeconds(5));
    send("docs-29m").awaitFailure(Duration.ofSeconds(5));

    Throwable third = send("docs-29m").awaitFailure().getFailure();

    assertThat(third).hasMessageContaining("Too many batches wait");
    assertThat(log).hasSize(2);
  }

  @Test
  void aPlaceIsFreeAgainOnceTheLogHasAnswered() {
    send("docs-29m");
    send("docs-29m");
    log.get(0).complete(null);
    log.get(1).fail(new IllegalStateException());

    UniAssertSubscriber<Void> answer = send("docs-29m");
    log.get(2).complete(null);

    answer.awaitItem();
  }

  private UniAssertSubscriber<Void> send(String... models) {
    List<ClientMetricsReported> reports = new ArrayList<>();
    for (String model : models) {
      reports.add(
          new ClientMetricsReported(
              "s", model, "wasm", Instant.now(), List.of(), List.of(), List.of()));
    }
    return accept.accept(reports).subscribe().withSubscriber(UniAssertSubscriber.create());
  }
}
