package dev.facet.telemetry.domain.tuner;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the tuner prefers for a model and device class, and why.
 *
 * @param point point for the next plans
 * @param defaultPoint richest point it may return to
 * @param evidence what the last judgement rested on, null while too little was measured
 * @param decidedAt when the point was last chosen
 * @param evaluatedAt when the votes were last looked at
 * @param history changes, newest first
 */
public record Policy(
    PolicyKey key,
    String point,
    String defaultPoint,
    double targetMsPerToken,
    Evidence evidence,
    String reason,
    Instant decidedAt,
    Instant evaluatedAt,
    List<PolicyChange> history) {

  /** The policy before anything has been judged. */
  public static Policy initial(PolicyKey key, String point, double targetMsPerToken, Instant now) {
    return new Policy(
        key,
        point,
        point,
        targetMsPerToken,
        null,
        "Nothing has been measured.",
        now,
        now,
        List.of());
  }

  /**
   * Where the policy stands.
   *
   * @param revisedAt when the model's present weights were published
   */
  public Standing standing(Instant revisedAt) {
    Instant changedAt = history.isEmpty() ? Instant.MIN : history.get(0).at();
    return new Standing(point, changedAt.isAfter(revisedAt) ? changedAt : revisedAt, history);
  }

  /**
   * The policy after a decision.
   *
   * @param defaultPoint richest point that may be chosen now
   * @param targetMsPerToken target under which it was decided
   */
  public Policy after(
      Decision decision, String defaultPoint, double targetMsPerToken, Instant now) {
    List<PolicyChange> changes = new ArrayList<>(history);
    if (decision.changes()) {
      changes.add(
          0,
          new PolicyChange(now, point, decision.point(), decision.reason(), decision.evidence()));
    }
    return new Policy(
        key,
        decision.point(),
        defaultPoint,
        targetMsPerToken,
        decision.evidence(),
        decision.reason(),
        decision.changes() ? now : decidedAt,
        now,
        List.copyOf(changes));
  }
}
