package dev.facet.telemetry.domain.aggregate;

import java.time.Duration;
import java.time.Instant;

/** Cuts time into windows of one length. */
public final class Windows {
  private final long lengthMs;

  /**
   * @throws IllegalArgumentException if the length is not at least a millisecond
   */
  public Windows(Duration length) {
    this.lengthMs = length.toMillis();
    if (lengthMs < 1) {
      throw new IllegalArgumentException("a window lasts at least 1 ms: " + length);
    }
  }

  /** First instant of the window that an instant lies in. */
  public Instant startOf(Instant at) {
    return Instant.ofEpochMilli(Math.floorDiv(at.toEpochMilli(), lengthMs) * lengthMs);
  }
}
