package dev.facet.kernel.ladder;

/**
 * How close a point is to the full-precision model on held-out text.
 *
 * @param perplexity of the point
 * @param baselinePerplexity of the full-precision model on the same tokens
 * @param meanKl mean over tokens of KL(full || point), nats
 * @param p99Kl 99th percentile of the same
 * @param maxKl greatest of the same; null where an earlier release measured it
 * @param top1Agreement share of tokens with the same most likely next token
 */
public record Quality(
    double perplexity,
    double baselinePerplexity,
    double meanKl,
    double p99Kl,
    Double maxKl,
    double top1Agreement) {}
