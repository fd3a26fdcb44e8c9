package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.aggregate.Tally;
import java.time.Duration;

/** Watches what is counted. */
public interface CountingMeter {
  /**
   * A stretch of the log has been counted.
   *
   * @param delay since the service took the first of its reports
   */
  void counted(Tally tally, Duration delay);
}
