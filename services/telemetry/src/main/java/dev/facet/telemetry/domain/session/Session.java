package dev.facet.telemetry.domain.session;

/**
 * One page's stay, as its token proves it.
 *
 * @param id pseudonym, the same for all batches sent with one token; it names no person or profile
 * @param deviceClass the bucket that the browser was put in
 */
public record Session(String id, String deviceClass) {}
