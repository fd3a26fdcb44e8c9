package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.facet.telemetry.application.ExplainPolicy.Explanation;
import dev.facet.telemetry.application.ExplainPolicy.GuardRails;
import dev.facet.telemetry.domain.tuner.Evidence;
import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyChange;
import java.time.Instant;
import java.util.List;

/**
 * A policy as docs/wire.md shows it.
 *
 * @param guardRails left out of lists
 * @param measured left out of lists
 */
public record PolicyView(
    String model,
    String deviceClass,
    String point,
    String defaultPoint,
    double targetMsPerToken,
    Evidence evidence,
    String reason,
    Instant decidedAt,
    Instant evaluatedAt,
    List<PolicyChange> history,
    @JsonInclude(JsonInclude.Include.NON_NULL) GuardRails guardRails,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Evidence> measured) {

  static PolicyView of(Policy policy) {
    return of(policy, null, null);
  }

  static PolicyView of(Explanation explanation) {
    return of(explanation.policy(), explanation.guardRails(), explanation.measured());
  }

  private static PolicyView of(Policy policy, GuardRails guardRails, List<Evidence> measured) {
    return new PolicyView(
        policy.key().model(),
        policy.key().deviceClass(),
        policy.point(),
        policy.defaultPoint(),
        policy.targetMsPerToken(),
        policy.evidence(),
        policy.reason(),
        policy.decidedAt(),
        policy.evaluatedAt(),
        policy.history(),
        guardRails,
        measured);
  }
}
