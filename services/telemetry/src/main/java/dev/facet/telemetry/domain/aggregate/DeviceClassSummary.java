package dev.facet.telemetry.domain.aggregate;

import java.time.Instant;

/**
 * A device class as the dashboard shows it.
 *
 * @param description the class in a sentence
 * @param backend backend that plans prefer for it
 * @param profiles browsers ever registered
 * @param sessions sessions measured in the period asked for
 */
public record DeviceClassSummary(
    String deviceClass,
    String description,
    String backend,
    long profiles,
    long sessions,
    Instant firstSeenAt,
    Instant lastSeenAt) {}
