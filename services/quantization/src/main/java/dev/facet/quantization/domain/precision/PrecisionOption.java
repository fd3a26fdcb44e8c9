package dev.facet.quantization.domain.precision;

/**
 * One way to code a tensor group.
 *
 * @param bits anchor
 * @param bytes what is stored
 * @param loss what it adds to the mean divergence, nats
 */
public record PrecisionOption(int bits, long bytes, double loss) {}
