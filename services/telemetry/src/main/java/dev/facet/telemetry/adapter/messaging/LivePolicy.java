package dev.facet.telemetry.adapter.messaging;

import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.telemetry.application.LiveFeed.Happening;
import java.time.Instant;

/** A changed policy as the dashboard sees it, of the shape of {@code GET /v1/policies}. */
record LivePolicy(
    String model,
    String deviceClass,
    String point,
    String previous,
    Double targetMsPerToken,
    PrecisionPolicyChanged.Evidence evidence,
    String reason,
    Instant decidedAt) {

  static Happening of(PrecisionPolicyChanged changed) {
    PrecisionPolicyChanged.Evidence evidence = changed.evidence();
    return new Happening(
        "policy",
        new LivePolicy(
            changed.model(),
            changed.deviceClass(),
            changed.point(),
            changed.previous(),
            evidence == null ? null : evidence.targetMsPerToken(),
            evidence,
            changed.reason(),
            changed.decidedAt()));
  }
}
