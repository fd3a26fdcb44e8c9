package dev.facet.telemetry.adapter.rest;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.domain.measurement.ClockCorrection;
import dev.facet.telemetry.domain.measurement.Fault;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.session.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request has sent: events by model, and what is wrong with them. */
final class Batch {
  private final Instant receivedAt;
  private final List<Fault> faults = new ArrayList<>();
  private final KnownTexts known = new KnownTexts();
  private final Set<String> members = new HashSet<>();
  private final Map<String, Events> models = new LinkedHashMap<>();
  private EventReader reader;
  private String token;
  private int size;
  private boolean tooMany;

  private record Events(
      List<ClientMetricsReported.Load> loads,
      List<ClientMetricsReported.Generation> generations,
      List<ClientMetricsReported.Failure> failures) {
    Events() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  Batch(Instant receivedAt) {
    this.receivedAt = receivedAt;
  }

  /** A member of the envelope. */
  void once(String member) {
    if (!members.add(member)) {
      throw new MalformedTelemetry("#", "must have no member twice");
    }
  }

  void token(String sent) {
    token = sent;
  }

  void sentAt(JsonFields value) {
    Instant sentAt = JsonPlace.of("#/sentAt", value, faults, known).instant();
    reader = new EventReader(new ClockCorrection(receivedAt, sentAt == null ? receivedAt : sentAt));
  }

  void event(int index, JsonFields value) {
    size++;
    JsonPlace event = JsonPlace.of("#/events/" + index, value, faults, known);
    if (value.repeated()) {
      event.fault("must have no member twice, and no more than an event has");
      return;
    }
    Events events = models.computeIfAbsent(reader.model(event), model -> new Events());
    JsonPlace type = event.at("type");
    if (type.is("generation")) {
      events.generations().add(reader.generation(event));
    } else if (type.is("load")) {
      events.loads().add(reader.load(event));
    } else if (type.is("failure")) {
      events.failures().add(reader.failure(event));
    } else {
      type.fault("must be load, generation or failure");
    }
  }

  void tooMany() {
    tooMany = true;
  }

  /** A wrong number of events is told alone. */
  void finish(int maxEvents) {
    if (size == 0 || tooMany) {
      faults.clear();
      faults.add(new Fault("#/events", "must be an array of 1 to %d events".formatted(maxEvents)));
    }
  }

  /** The session token, null where there is none. */
  String token() {
    return token;
  }

  /** Number of events sent. */
  int size() {
    return size;
  }

  /**
   * One report for each model, of all events or none.
   *
   * @throws MalformedTelemetry naming what is wrong and where
   */
  List<ClientMetricsReported> reports(Session session) {
    if (!faults.isEmpty()) {
      throw new MalformedTelemetry(faults);
    }
    List<ClientMetricsReported> reports = new ArrayList<>(models.size());
    models.forEach(
        (model, events) ->
            reports.add(
                new ClientMetricsReported(
                    session.id(),
                    model,
                    session.deviceClass(),
                    receivedAt,
                    events.loads(),
                    events.generations(),
                    events.failures())));
    return reports;
  }
}
