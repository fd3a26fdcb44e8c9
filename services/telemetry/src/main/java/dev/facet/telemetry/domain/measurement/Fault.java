package dev.facet.telemetry.domain.measurement;

/**
 * What is wrong at one place of a batch.
 *
 * @param pointer JSON pointer as a URI fragment (RFC 6901 section 6), for example {@code
 *     #/events/3/tokens}
 * @param detail what should be there
 */
public record Fault(String pointer, String detail) {}
