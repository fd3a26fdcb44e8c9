package dev.facet.telemetry.domain.tuner;

/**
 * A published point as the tuner sees it.
 *
 * @param id for example {@code full-4}
 * @param bytes size of its weights, which decoding reads once a token
 * @param meanKl mean KL divergence in nats, null while not measured
 */
public record Rung(String id, long bytes, Double meanKl) {}
