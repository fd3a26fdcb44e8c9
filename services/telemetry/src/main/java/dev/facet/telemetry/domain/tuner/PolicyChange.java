package dev.facet.telemetry.domain.tuner;

import java.time.Instant;

/**
 * A policy has moved: one row of the audit trail.
 *
 * @param from point before
 * @param to point after
 * @param evidence what was measured; null when the point before can no longer be chosen
 */
public record PolicyChange(Instant at, String from, String to, String reason, Evidence evidence) {}
