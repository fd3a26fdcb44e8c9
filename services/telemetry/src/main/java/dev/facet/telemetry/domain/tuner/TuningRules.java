package dev.facet.telemetry.domain.tuner;

import java.time.Duration;

/**
 * What the tuner aims at and what keeps it from haste.
 *
 * @param targetMsPerToken decode milliseconds a token that the median session should not exceed
 * @param minSessions fresh sessions before a point is judged
 * @param recentSessions newest sessions that the median is taken over
 * @param stepUpMargin share of the target that a richer point must be predicted to keep
 * @param memory how far back failed steps count
 */
public record TuningRules(
    double targetMsPerToken,
    int minSessions,
    int recentSessions,
    double stepUpMargin,
    Duration memory) {
  /**
   * @throws IllegalArgumentException if a figure makes no sense
   */
  public TuningRules {
    if (!(targetMsPerToken > 0)
        || minSessions < 1
        || recentSessions < minSessions
        || !(stepUpMargin > 0 && stepUpMargin <= 1)) {
      throw new IllegalArgumentException(
          "the tuner needs a target above 0 ms, 1 <= min sessions <= recent sessions and a margin"
              + " in (0, 1]; got %s ms, %d, %d, %s"
                  .formatted(targetMsPerToken, minSessions, recentSessions, stepUpMargin));
    }
  }
}
