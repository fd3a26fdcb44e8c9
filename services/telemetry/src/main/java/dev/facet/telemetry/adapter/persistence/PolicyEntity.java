package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyChange;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** A policy as it stands. */
@Entity
@Table(name = "policy")
public class PolicyEntity {
  @Id String id;

  @Column(nullable = false)
  String model;

  @Column(name = "device_class", nullable = false)
  String deviceClass;

  @Column(nullable = false)
  String point;

  @Column(name = "default_point", nullable = false)
  String defaultPoint;

  @Column(name = "target_ms", nullable = false)
  double targetMs;

  @Embedded EvidenceColumns evidence;

  @Column(nullable = false)
  String reason;

  @Column(name = "decided_at", nullable = false)
  Instant decidedAt;

  @Column(name = "evaluated_at", nullable = false)
  Instant evaluatedAt;

  protected PolicyEntity() {}

  void take(Policy policy) {
    point = policy.point();
    defaultPoint = policy.defaultPoint();
    targetMs = policy.targetMsPerToken();
    evidence = EvidenceColumns.of(policy.evidence());
    reason = policy.reason();
    decidedAt = policy.decidedAt();
    evaluatedAt = policy.evaluatedAt();
  }

  Policy policy(List<PolicyChange> history) {
    return new Policy(
        new PolicyKey(model, deviceClass),
        point,
        defaultPoint,
        targetMs,
        EvidenceColumns.evidence(evidence),
        reason,
        decidedAt,
        evaluatedAt,
        history);
  }
}
