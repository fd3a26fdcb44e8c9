package dev.facet.telemetry.application;

import dev.facet.kernel.event.ClientMetricsReported;
import java.util.List;
import java.util.SortedMap;

/**
 * Reports that lie next to each other in the log and are counted in one transaction.
 *
 * @param nextOffsets where each partition goes on after them
 */
public record LogStretch(
    SortedMap<Integer, Long> nextOffsets, List<ClientMetricsReported> reports) {}
