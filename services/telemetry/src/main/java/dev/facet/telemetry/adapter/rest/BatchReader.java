package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.domain.measurement.ClockCorrection;
import dev.facet.telemetry.domain.measurement.Fault;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a batch as one report for each model in it. */
final class BatchReader {
  private final int maxEvents;

  /**
   * @param maxEvents most events of a batch
   */
  BatchReader(int maxEvents) {
    this.maxEvents = maxEvents;
  }

  /** The session token of a batch, null where there is none. */
  static String token(JsonNode batch) {
    return batch.path("session").textValue();
  }

  /**
   * Number of events sent.
   *
   * @throws MalformedTelemetry if it is not within bounds
   */
  int size(JsonNode batch) {
    List<Fault> faults = new ArrayList<>();
    JsonPlace events = JsonPlace.root(batch, faults).at("events");
    if (!events.isArray() || events.size() < 1 || events.size() > maxEvents) {
      events.fault("must be an array of 1 to %d events".formatted(maxEvents));
      throw new MalformedTelemetry(faults);
    }
    return events.size();
  }

  /**
   * Reads all events or none.
   *
   * @param receivedAt when the batch came in
   * @throws MalformedTelemetry naming what is wrong and where
   */
  List<ClientMetricsReported> read(JsonNode batch, Session session, Instant receivedAt) {
    List<Fault> faults = new ArrayList<>();
    JsonPlace root = JsonPlace.root(batch, faults);
    Instant sentAt = root.at("sentAt").instant();
    EventReader reader =
        new EventReader(new ClockCorrection(receivedAt, sentAt == null ? receivedAt : sentAt));
    Map<String, ClientMetricsReported> reports = new LinkedHashMap<>();
    for (int i = 0; i < size(batch); i++) {
      JsonPlace event = root.at("events").at(i);
      ClientMetricsReported report =
          reports.computeIfAbsent(reader.model(event), model -> empty(session, model, receivedAt));
      add(reader, event, report);
    }
    if (!faults.isEmpty()) {
      throw new MalformedTelemetry(faults);
    }
    return List.copyOf(reports.values());
  }

  private static ClientMetricsReported empty(Session session, String model, Instant receivedAt) {
    return new ClientMetricsReported(
        session.id(),
        model,
        session.deviceClass(),
        receivedAt,
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  private static void add(EventReader reader, JsonPlace event, ClientMetricsReported report) {
    JsonPlace type = event.at("type");
    if (type.is("load")) {
      report.loads().add(reader.load(event));
    } else if (type.is("generation")) {
      report.generations().add(reader.generation(event));
    } else if (type.is("failure")) {
      report.failures().add(reader.failure(event));
    } else {
      type.fault("must be load, generation or failure");
    }
  }
}
