package dev.facet.quantization.domain.front;

/**
 * What the model loses when one tensor group alone is read at its fewest bits, all else at full
 * precision.
 *
 * @param meanKl mean divergence, nats
 */
public record GroupLoss(String group, double meanKl) {}
