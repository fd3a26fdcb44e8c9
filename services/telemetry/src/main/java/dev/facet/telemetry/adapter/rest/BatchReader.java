package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Reads a batch in one pass, event by event. Where {@code events} stand before what they need, they
 * are passed over and read at the end.
 */
final class BatchReader {
  private static final int MAX_DEPTH = 16;

  private final int maxEvents;
  private final JsonFactory json =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  /**
   * @param maxEvents most events of a batch
   */
  BatchReader(int maxEvents) {
    this.maxEvents = maxEvents;
  }

  /**
   * Reads all events, noting what is wrong with them.
   *
   * @param receivedAt when the batch came in
   * @throws MalformedTelemetry if it is no JSON object
   */
  Batch read(byte[] body, Instant receivedAt) {
    try (JsonParser parser = json.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        while (parser.nextToken() != null) {
          // Whether it is JSON at all is told at its end.
        }
        throw new MalformedTelemetry("#", "must be a JSON object");
      }
      Batch batch = new Batch(receivedAt);
      envelope(parser, body, batch);
      if (parser.nextToken() != null) {
        throw new MalformedTelemetry("#", "must end after its JSON object");
      }
      batch.finish(maxEvents);
      return batch;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private void envelope(JsonParser parser, byte[] body, Batch batch) throws IOException {
    JsonFields value = new JsonFields();
    boolean timed = false;
    int eventsAt = -1;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      batch.once(name);
      switch (name) {
        case "session" -> batch.token(token == JsonToken.VALUE_STRING ? parser.getText() : null);
        case "sentAt" -> {
          value.readValue(parser);
          batch.sentAt(value);
          timed = true;
        }
        case "events" -> {
          if (timed && token == JsonToken.START_ARRAY) {
            events(parser, batch);
          } else {
            eventsAt = (int) parser.currentTokenLocation().getByteOffset();
          }
        }
        default -> {
          // Newer clients may say more.
        }
      }
      parser.skipChildren();
    }
    if (!timed) {
      batch.sentAt(value);
    }
    if (eventsAt >= 0) {
      late(body, eventsAt, batch);
    }
  }

  private void late(byte[] body, int eventsAt, Batch batch) throws IOException {
    try (JsonParser parser = json.createParser(body, eventsAt, body.length - eventsAt)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        events(parser, batch);
      }
    }
  }

  /** Stops reading, but not parsing, where there are more than may be. */
  private void events(JsonParser parser, Batch batch) throws IOException {
    JsonFields event = new JsonFields();
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i < maxEvents) {
        event.readValue(parser);
        batch.event(i, event);
      } else {
        batch.tooMany();
        parser.skipChildren();
      }
    }
  }

  /** Says where, but repeats nothing of what was sent. */
  private static MalformedTelemetry notJson(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new MalformedTelemetry("#", "must be well-formed JSON" + where);
  }
}
