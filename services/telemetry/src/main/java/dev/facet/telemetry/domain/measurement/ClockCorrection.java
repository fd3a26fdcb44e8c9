package dev.facet.telemetry.domain.measurement;

import java.time.Duration;
import java.time.Instant;

/**
 * Browser times by the service's clock: an event happened as long before receipt as it happened
 * before sending. A browser can neither date it after receipt nor more than {@link #REACH} before.
 *
 * @param receivedAt when the service took the batch
 * @param sentAt when the browser sent it, by its own clock
 */
public record ClockCorrection(Instant receivedAt, Instant sentAt) {
  public static final Duration REACH = Duration.ofHours(24);

  /** When an event happened that the browser dated {@code at}. */
  public Instant at(Instant at) {
    Duration before = Duration.between(at, sentAt);
    if (before.isNegative()) {
      return receivedAt;
    }
    return receivedAt.minus(before.compareTo(REACH) > 0 ? REACH : before);
  }
}
