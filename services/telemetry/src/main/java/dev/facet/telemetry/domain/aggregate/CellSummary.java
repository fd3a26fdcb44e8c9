package dev.facet.telemetry.domain.aggregate;

/**
 * A cell over several windows. Quantiles are of events, within 1 %, and null where no event could
 * tell.
 *
 * @param sessions distinct sessions
 * @param tokens tokens generated
 */
public record CellSummary(
    String model,
    String point,
    String deviceClass,
    long sessions,
    long events,
    long generations,
    long loads,
    long failures,
    long tokens,
    Quantiles decodeMsPerToken,
    Quantiles timeToFirstTokenMs,
    Quantiles readyMs) {}
