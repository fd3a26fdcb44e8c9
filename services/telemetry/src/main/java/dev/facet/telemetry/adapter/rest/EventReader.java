package dev.facet.telemetry.adapter.rest;

import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import dev.facet.kernel.identity.BundleId;
import dev.facet.kernel.identity.InvalidIdentity;
import dev.facet.telemetry.domain.measurement.ClockCorrection;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads one event of a batch (docs/wire.md, "Telemetry") and notes what is wrong with it. */
final class EventReader {
  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern POINT = Pattern.compile("[a-z0-9][a-z0-9.-]{0,31}");
  private static final Pattern BUNDLE = Pattern.compile("[!-~]{1,160}");
  private static final Pattern BACKEND = Pattern.compile("wasm|webgpu");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,47}");
  private static final double DAY_MS = 86_400_000;
  private static final long MAX_BYTES = 1L << 40;
  private static final int MAX_COUNT = 10_000_000;

  private final ClockCorrection clock;

  /** Of the event before, which mostly is of the same. */
  private String bundle;

  private BundleId parsed;

  EventReader(ClockCorrection clock) {
    this.clock = clock;
  }

  /** Empty where it is malformed, which is noted then. */
  String model(JsonPlace event) {
    return Objects.requireNonNullElse(event.at("model").text(MODEL, "a model id"), "");
  }

  Load load(JsonPlace event) {
    return new Load(
        source(event, false),
        event.at("bytes").integer(MAX_BYTES),
        event.at("downloadMs").number(DAY_MS),
        event.at("readyMs").number(DAY_MS),
        count(event, "cacheHits"));
  }

  Generation generation(JsonPlace event) {
    return new Generation(
        source(event, false),
        count(event, "promptTokens"),
        count(event, "tokens"),
        event.at("timeToFirstTokenMs").numberOrNull(DAY_MS),
        event.at("prefillMsPerToken").numberOrNull(DAY_MS),
        event.at("decodeMsPerToken").numberOrNull(DAY_MS),
        event.at("cancelled").flag());
  }

  Failure failure(JsonPlace event) {
    return new Failure(
        source(event, true),
        event.at("code").text(WORD, "a word of a-z, 0-9 and '-'"),
        event.at("stage").text(WORD, "a word of a-z, 0-9 and '-'"));
  }

  private static int count(JsonPlace event, String member) {
    return (int) event.at(member).integer(MAX_COUNT);
  }

  /** A failure may come before there is a plan; nothing else can. */
  private Source source(JsonPlace event, boolean mayLackPlan) {
    return new Source(
        event.at("id").uuid(),
        at(event.at("at")),
        lacks(event, "plan", mayLackPlan) ? null : event.at("plan").uuid(),
        lacks(event, "bundle", mayLackPlan) ? null : bundle(event),
        lacks(event, "point", mayLackPlan) ? null : event.at("point").text(POINT, "a point id"),
        lacks(event, "backend", mayLackPlan)
            ? null
            : event.at("backend").text(BACKEND, "wasm or webgpu"),
        event.at("pinned").flag());
  }

  private static boolean lacks(JsonPlace event, String member, boolean mayLackPlan) {
    return mayLackPlan && event.at(member).isAbsent();
  }

  private Instant at(JsonPlace place) {
    Instant at = place.instant();
    return at == null ? null : clock.at(at);
  }

  /** A bundle names model and point itself and must agree with what stands beside it. */
  private String bundle(JsonPlace event) {
    JsonPlace place = event.at("bundle");
    String text = place.text(BUNDLE, "a bundle id");
    if (text == null) {
      return null;
    }
    try {
      if (!text.equals(bundle)) {
        parsed = BundleId.parse(text);
        bundle = text;
      }
    } catch (InvalidIdentity e) {
      return place.fault("must be a bundle id");
    }
    boolean agrees =
        event.at("model").is(parsed.model().value()) && event.at("point").is(parsed.point());
    return agrees ? text : place.fault("must name the model and point of its event");
  }
}
