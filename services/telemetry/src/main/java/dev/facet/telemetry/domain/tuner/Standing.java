package dev.facet.telemetry.domain.tuner;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Where a policy stands before a decision.
 *
 * @param point present point
 * @param freshSince votes up to here were cast under an earlier choice or on other weights and say
 *     nothing of this one
 * @param history changes so far, in any order
 */
public record Standing(String point, Instant freshSince, List<PolicyChange> history) {

  /**
   * How often the policy went up to a point and had to come down from it again.
   *
   * @param since earlier changes are forgotten
   */
  int failedSteps(String richer, Instant since) {
    List<PolicyChange> changes =
        history.stream()
            .filter(change -> change.at().isAfter(since))
            .sorted(Comparator.comparing(PolicyChange::at))
            .toList();
    int failed = 0;
    boolean reached = false;
    for (PolicyChange change : changes) {
      if (reached && change.from().equals(richer)) {
        failed++;
      }
      reached = change.to().equals(richer);
    }
    return failed;
  }
}
