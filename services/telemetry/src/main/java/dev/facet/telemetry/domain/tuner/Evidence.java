package dev.facet.telemetry.domain.tuner;

import java.util.Comparator;
import java.util.List;

/**
 * What a decision rests on: quantiles over sessions, each counted once, so that half of them would
 * have to lie to move the median at will.
 *
 * @param sessions sessions counted, the newest ones
 * @param medianMsPerToken median of their medians
 * @param p95MsPerToken 95th percentile (nearest rank) of the same
 * @param point where they were measured
 */
public record Evidence(long sessions, double medianMsPerToken, double p95MsPerToken, String point) {

  /**
   * @param votes at least one, all of one point
   * @param newest how many of them count
   */
  static Evidence of(List<Vote> votes, int newest) {
    double[] sorted =
        votes.stream()
            .sorted(Comparator.comparing(Vote::at).reversed())
            .limit(newest)
            .mapToDouble(Vote::msPerToken)
            .sorted()
            .toArray();
    return new Evidence(sorted.length, median(sorted), nearestRank(sorted, 0.95), point(votes));
  }

  private static String point(List<Vote> votes) {
    return votes.get(0).point();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double nearestRank(double[] sorted, double quantile) {
    return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
  }
}
