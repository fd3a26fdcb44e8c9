package dev.facet.telemetry.domain.session;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A session sends more than its share. */
public final class SessionTooBusy extends DomainProblem {
  private final long retryAfterSeconds;

  /**
   * @param retryAfterSeconds when the same batch would be taken
   */
  public SessionTooBusy(long retryAfterSeconds) {
    super(
        "session-too-busy",
        429,
        "Too many events",
        "This session has sent more events than its share; send the batch again in %d s."
            .formatted(retryAfterSeconds),
        Map.of("retryAfterSeconds", retryAfterSeconds));
    this.retryAfterSeconds = retryAfterSeconds;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", Long.toString(retryAfterSeconds));
  }
}
