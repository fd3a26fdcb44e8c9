package dev.facet.kernel.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** CloudEvents attributes as record headers (binary content mode of the Kafka binding). */
public final class CloudEventHeaders {
  private CloudEventHeaders() {}

  /**
   * Headers of one event.
   *
   * @param service name of the sending service
   */
  public static Headers of(UUID id, String type, String service, Instant occurredAt) {
    return new RecordHeaders()
        .add("ce_specversion", utf8("1.0"))
        .add(EventCodec.ID, utf8(id.toString()))
        .add(EventCodec.TYPE, utf8(type))
        .add("ce_source", utf8("/facet/" + service))
        .add(EventCodec.TIME, utf8(occurredAt.toString()))
        .add("content-type", utf8("application/json"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
