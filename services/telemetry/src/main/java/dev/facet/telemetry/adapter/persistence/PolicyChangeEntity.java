package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.tuner.PolicyChange;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;

/** One row of the audit trail; never changed. */
@Entity
@Table(name = "policy_change")
public class PolicyChangeEntity {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "policy_change_id")
  @SequenceGenerator(
      name = "policy_change_id",
      sequenceName = "policy_change_id",
      allocationSize = 1)
  Long id;

  @Column(name = "policy_id", nullable = false)
  String policyId;

  @Column(nullable = false)
  Instant at;

  @Column(name = "from_point", nullable = false)
  String from;

  @Column(name = "to_point", nullable = false)
  String to;

  @Column(name = "target_ms", nullable = false)
  double targetMs;

  @Embedded EvidenceColumns evidence;

  @Column(nullable = false)
  String reason;

  protected PolicyChangeEntity() {}

  PolicyChangeEntity(String policyId, PolicyChange change, double targetMs) {
    this.policyId = policyId;
    this.at = change.at();
    this.from = change.from();
    this.to = change.to();
    this.targetMs = targetMs;
    this.evidence = EvidenceColumns.of(change.evidence());
    this.reason = change.reason();
  }

  PolicyChange change() {
    return new PolicyChange(at, from, to, reason, EvidenceColumns.evidence(evidence));
  }
}
