package dev.facet.telemetry.domain.aggregate;

/**
 * @param p50 median
 * @param p95 95th percentile
 */
public record Quantiles(double p50, double p95) {}
