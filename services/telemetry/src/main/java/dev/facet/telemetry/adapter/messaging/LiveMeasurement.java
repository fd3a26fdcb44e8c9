package dev.facet.telemetry.adapter.messaging;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import dev.facet.telemetry.application.LiveFeed.Happening;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One event of a browser as the dashboard sees it: no session, no plan, nothing that names anyone.
 */
final class LiveMeasurement {
  /** What every event says. */
  record Origin(
      String id,
      Instant at,
      String model,
      String point,
      String deviceClass,
      String backend,
      boolean pinned) {}

  record LoadView(
      @JsonUnwrapped Origin origin, long bytes, double downloadMs, double readyMs, int cacheHits) {}

  record GenerationView(
      @JsonUnwrapped Origin origin,
      int promptTokens,
      int tokens,
      Double timeToFirstTokenMs,
      Double prefillMsPerToken,
      Double decodeMsPerToken,
      boolean cancelled) {}

  record FailureView(@JsonUnwrapped Origin origin, String code, String stage) {}

  private LiveMeasurement() {}

  /** All events of a report, loads first: that is the order in which a page makes them. */
  static List<Happening> of(ClientMetricsReported report) {
    List<Happening> happenings = new ArrayList<>();
    report.loads().forEach(load -> happenings.add(new Happening("load", view(report, load))));
    report
        .generations()
        .forEach(
            generation -> happenings.add(new Happening("generation", view(report, generation))));
    report
        .failures()
        .forEach(failure -> happenings.add(new Happening("failure", view(report, failure))));
    return happenings;
  }

  private static LoadView view(ClientMetricsReported report, Load load) {
    return new LoadView(
        origin(report, load.source()),
        load.bytes(),
        load.downloadMs(),
        load.readyMs(),
        load.cacheHits());
  }

  private static GenerationView view(ClientMetricsReported report, Generation generation) {
    return new GenerationView(
        origin(report, generation.source()),
        generation.promptTokens(),
        generation.tokens(),
        generation.timeToFirstTokenMs(),
        generation.prefillMsPerToken(),
        generation.decodeMsPerToken(),
        generation.cancelled());
  }

  private static FailureView view(ClientMetricsReported report, Failure failure) {
    return new FailureView(origin(report, failure.source()), failure.code(), failure.stage());
  }

  private static Origin origin(ClientMetricsReported report, Source source) {
    return new Origin(
        source.id(),
        source.at(),
        report.model(),
        source.point(),
        report.deviceClass(),
        source.backend(),
        source.pinned());
  }
}
