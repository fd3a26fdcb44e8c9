package dev.facet.telemetry.domain.aggregate;

/**
 * What shard-streaming has delivered of a point.
 *
 * @param streams responses, whole or cut
 * @param completeStreams those that reached their last frame
 */
public record DeliverySummary(
    String model, String point, long streams, long completeStreams, long bytes) {}
