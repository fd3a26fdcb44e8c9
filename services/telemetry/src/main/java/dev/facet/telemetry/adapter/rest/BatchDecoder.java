package dev.facet.telemetry.adapter.rest;

import dev.facet.telemetry.domain.measurement.BatchTooLarge;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.measurement.UnsupportedEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Undoes a body's encoding without ever holding more than the limit. */
final class BatchDecoder {
  private static final byte[] NOTHING = {};

  private final int limit;

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
   * @throws MalformedTelemetry if the body is not gzip although it says so
   */
  byte[] decode(byte[] body, String encoding) {
    return inflate(bounded(body == null ? NOTHING : body), encoding);
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
}
