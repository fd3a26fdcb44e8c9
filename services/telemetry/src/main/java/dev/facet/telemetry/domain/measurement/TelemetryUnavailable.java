package dev.facet.telemetry.domain.measurement;

import dev.facet.kernel.problem.DomainProblem;
import java.time.Duration;
import java.util.Map;

/** Measurements or viewers cannot be taken just now; nothing has been acknowledged. */
public final class TelemetryUnavailable extends DomainProblem {
  private final long retryAfterSeconds;

  /**
   * @param cause why, as sentences
   * @param retryAfter when to come again
   */
  public TelemetryUnavailable(String cause, Duration retryAfter) {
    super(
        "telemetry-unavailable",
        503,
        "Telemetry unavailable",
        "%s Try again in %d s.".formatted(cause, retryAfter.toSeconds()),
        Map.of("retryAfterSeconds", retryAfter.toSeconds()));
    this.retryAfterSeconds = retryAfter.toSeconds();
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", Long.toString(retryAfterSeconds));
  }
}
