package dev.facet.kernel.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A browser has sent measurements of one model. They have been validated; nothing in here is free
 * text.
 *
 * @param session one page's stay, pseudonymous; a session votes once
 * @param deviceClass from the session token, never from the browser's body
 * @param receivedAt when the service took the batch
 */
public record ClientMetricsReported(
    String session,
    String model,
    String deviceClass,
    Instant receivedAt,
    List<Load> loads,
    List<Generation> generations,
    List<Failure> failures)
    implements DomainEvent {
  public static final String TYPE = "client.metrics.reported.v1";

  public ClientMetricsReported {
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(deviceClass, "deviceClass");
    Objects.requireNonNull(receivedAt, "receivedAt");
    Objects.requireNonNull(loads, "loads");
    Objects.requireNonNull(generations, "generations");
    Objects.requireNonNull(failures, "failures");
  }

  /**
   * What a measurement was made with. {@code plan}, {@code bundle}, {@code point} and {@code
   * backend} are null for a failure from before there was a plan.
   *
   * @param id chosen by the browser, unique within its session
   * @param at when it happened, by the service's clock
   * @param pinned whether the plan was asked for with a pin
   */
  public record Source(
      String id,
      Instant at,
      String plan,
      String bundle,
      String point,
      String backend,
      boolean pinned) {}

  /**
   * A model has become ready.
   *
   * @param bytes fetched over the network
   * @param downloadMs from the first request to the last byte
   * @param readyMs from the call to readiness
   * @param cacheHits shards that were already there
   */
  public record Load(Source source, long bytes, double downloadMs, double readyMs, int cacheHits) {}

  /**
   * A text has been generated, whole or cancelled. The times are null when too few tokens came to
   * tell.
   *
   * @param decodeMsPerToken mean milliseconds a token after the first
   */
  public record Generation(
      Source source,
      int promptTokens,
      int tokens,
      Double timeToFirstTokenMs,
      Double prefillMsPerToken,
      Double decodeMsPerToken,
      boolean cancelled) {}

  /**
   * Something has failed in the browser.
   *
   * @param code the client's error code, for example {@code out-of-memory}
   * @param stage where, for example {@code download}
   */
  public record Failure(Source source, String code, String stage) {}

  @Override
  public String topic() {
    return Topics.CLIENT_METRICS;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return model + "|" + deviceClass;
  }
}
