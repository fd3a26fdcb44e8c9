package dev.facet.quantization.domain.report;

import java.util.Map;

/**
 * Precision of one layer.
 *
 * @param layer for example {@code layers.0}, or {@code embedding} and {@code head}
 * @param bits mean bits of a weight's code for each point, scales left out
 */
public record LayerBits(String layer, Map<String, Double> bits) {}
