package dev.facet.kernel.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.facet.kernel.event.DomainEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Writes and reads events. Readers ignore fields they do not know, so events may grow. */
@ApplicationScoped
public class EventCodec {
  static final String ID = "ce_id";
  static final String TYPE = "ce_type";
  static final String TIME = "ce_time";

  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new InstantsAsText())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** JSON body of an event. */
  public byte[] write(DomainEvent event) {
    try {
      return json.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("event cannot be written as JSON: " + event.type(), e);
    }
  }

  /**
   * Reads id, type and time from a record's headers.
   *
   * @throws MalformedEvent if a header is missing or unreadable; the record belongs on the
   *     dead-letter topic
   */
  public EventEnvelope open(ConsumerRecord<String, byte[]> record) {
    try {
      return new EventEnvelope(
          UUID.fromString(header(record.headers(), ID)),
          header(record.headers(), TYPE),
          Instant.parse(header(record.headers(), TIME)),
          record.value());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedEvent(where(record) + ": unreadable CloudEvents header", e);
    }
  }

  /**
   * Reads the body of an opened event.
   *
   * @throws MalformedEvent if the body is not the event's JSON
   */
  public <T extends DomainEvent> T body(EventEnvelope envelope, Class<T> event) {
    if (envelope.body() == null) {
      throw new MalformedEvent("event " + envelope.id() + " has no body", null);
    }
    T body;
    try {
      body = json.readValue(envelope.body(), event);
    } catch (IOException e) {
      throw new MalformedEvent("event " + envelope.id() + " is not a " + envelope.type(), e);
    }
    if (body == null) {
      throw new MalformedEvent("event " + envelope.id() + " is the JSON null", null);
    }
    return body;
  }

  private static String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    if (header == null || header.value() == null) {
      throw new MalformedEvent("missing header " + name, null);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String where(ConsumerRecord<?, ?> record) {
    return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
  }
}
