package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.telemetry.domain.measurement.BatchTooLarge;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.measurement.UnsupportedEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Turns a request's body into JSON without ever holding more than the limit. */
final class BatchDecoder {
  private static final int MAX_DEPTH = 16;

  private final int limit;
  private final ObjectMapper json =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @param limit most bytes of a body, as sent and after decompression
   */
  BatchDecoder(int limit) {
    this.limit = limit;
  }

  /**
   * @param encoding value of Content-Encoding, null where absent
   * @throws BatchTooLarge as soon as the limit is passed
   * @throws UnsupportedEncoding if the encoding is neither gzip nor identity
   * @throws MalformedTelemetry if the body is not gzip although it says so, or not a JSON object
   */
  JsonNode decode(byte[] body, String encoding) {
    byte[] plain = inflate(bounded(body == null ? new byte[0] : body), encoding);
    try {
      JsonNode batch = json.readTree(plain);
      if (!batch.isObject()) {
        throw new MalformedTelemetry("#", "must be a JSON object");
      }
      return batch;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private byte[] inflate(byte[] body, String encoding) {
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return body;
    }
    if (!encoding.equalsIgnoreCase("gzip")) {
      throw new UnsupportedEncoding();
    }
    try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return bounded(inflated.readNBytes(limit + 1));
    } catch (IOException e) {
      throw new MalformedTelemetry("#", "must be gzip, as its Content-Encoding says");
    }
  }

  private byte[] bounded(byte[] bytes) {
    if (bytes.length > limit) {
      throw new BatchTooLarge(limit);
    }
    return bytes;
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
