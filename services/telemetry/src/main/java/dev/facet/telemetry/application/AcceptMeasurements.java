package dev.facet.telemetry.application;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.measurement.TelemetryUnavailable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Takes validated measurements. A report occupies its place from here until the log has taken or
 * refused it, also when the request that brought it has long been answered; so what waits in memory
 * is bounded however long Kafka is away.
 */
@ApplicationScoped
public class AcceptMeasurements {
  private static final Logger LOG = Logger.getLogger(AcceptMeasurements.class);

  private final MeasurementLog log;
  private final IngestConfig config;
  private final Semaphore places;

  AcceptMeasurements(MeasurementLog log, IngestConfig config) {
    this.log = log;
    this.config = config;
    this.places = new Semaphore(config.maxWaiting());
  }

  /**
   * Completes once every report is in the log.
   *
   * @param reports the reports of one batch, one for each model
   * @return fails with {@link TelemetryUnavailable} when the log does not take them in time or too
   *     many wait already
   */
  public Uni<Void> accept(List<ClientMetricsReported> reports) {
    if (!places.tryAcquire(reports.size())) {
      return Uni.createFrom().failure(unavailable("Too many batches wait to be stored."));
    }
    List<Uni<Void>> stored = reports.stream().map(this::append).toList();
    return Uni.join()
        .all(stored)
        .andFailFast()
        .onFailure()
        .transform(this::notStored)
        .ifNoItem()
        .after(config.ackTimeout())
        .failWith(() -> unavailable("The batch could not be stored in time."))
        .replaceWithVoid();
  }

  /** Detached from the request: giving up on the answer must not free a place that is in use. */
  private Uni<Void> append(ClientMetricsReported report) {
    CompletableFuture<Void> sent =
        log.append(report)
            .onItemOrFailure()
            .invoke((done, failure) -> places.release())
            .subscribeAsCompletionStage();
    return Uni.createFrom()
        .completionStage((CompletionStage<Void>) sent.thenApply(Function.identity()));
  }

  private TelemetryUnavailable notStored(Throwable failure) {
    LOG.warnf("client metrics could not be stored: %s", failure.getMessage());
    return unavailable("The batch could not be stored.");
  }

  private TelemetryUnavailable unavailable(String cause) {
    return new TelemetryUnavailable(
        cause + " Send it again as it is; event ids keep it from counting twice.",
        config.retryAfter());
  }
}
