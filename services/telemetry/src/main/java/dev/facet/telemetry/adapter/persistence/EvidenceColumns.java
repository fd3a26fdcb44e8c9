package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.tuner.Evidence;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Evidence in a row; all columns null where there is none. */
@Embeddable
public class EvidenceColumns {
  @Column(name = "evidence_point")
  String point;

  @Column(name = "evidence_sessions")
  Long sessions;

  @Column(name = "evidence_median_ms")
  Double medianMs;

  @Column(name = "evidence_p95_ms")
  Double p95Ms;

  protected EvidenceColumns() {}

  static EvidenceColumns of(Evidence evidence) {
    if (evidence == null) {
      return null;
    }
    EvidenceColumns columns = new EvidenceColumns();
    columns.point = evidence.point();
    columns.sessions = evidence.sessions();
    columns.medianMs = evidence.medianMsPerToken();
    columns.p95Ms = evidence.p95MsPerToken();
    return columns;
  }

  /** Null where there is none. */
  static Evidence evidence(EvidenceColumns columns) {
    return columns == null || columns.point == null
        ? null
        : new Evidence(columns.sessions, columns.medianMs, columns.p95Ms, columns.point);
  }
}
