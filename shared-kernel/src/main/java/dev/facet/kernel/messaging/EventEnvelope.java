package dev.facet.kernel.messaging;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as it came in.
 *
 * @param id unique for each event told; the inbox remembers it
 * @param type versioned type
 * @param occurredAt when the sender recorded it
 * @param body JSON of the event
 */
public record EventEnvelope(UUID id, String type, Instant occurredAt, byte[] body) {}
