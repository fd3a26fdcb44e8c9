package dev.facet.telemetry.domain.session;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** All sessions of an address together send more than its share. */
public final class AddressTooBusy extends DomainProblem {
  private final long retryAfterSeconds;

  /**
   * @param retryAfterSeconds when the same batch would be taken
   */
  public AddressTooBusy(long retryAfterSeconds) {
    super(
        "address-too-busy",
        429,
        "Too many events",
        "More events than its share have come from this address; send the batch again in %d s."
            .formatted(retryAfterSeconds),
        Map.of("retryAfterSeconds", retryAfterSeconds));
    this.retryAfterSeconds = retryAfterSeconds;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", Long.toString(retryAfterSeconds));
  }
}
