package dev.facet.telemetry.domain.tuner;

import java.time.Instant;

/**
 * What one session says of one point: its median in its latest window there.
 *
 * @param msPerToken median decode milliseconds a token
 * @param at when it was last measured
 */
public record Vote(String session, String point, double msPerToken, Instant at) {}
