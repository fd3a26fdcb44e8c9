package dev.facet.telemetry.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.telemetry.domain.measurement.BatchTooLarge;
import dev.facet.telemetry.domain.measurement.MalformedTelemetry;
import dev.facet.telemetry.domain.measurement.UnsupportedEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BatchDecoderTest {
  private static final int LIMIT = 1024;

  private final BatchDecoder decoder = new BatchDecoder(LIMIT);

  @Test
  void readsPlainAndCompressed() throws Exception {
    assertThat(decoder.decode(utf8("{\"a\": 1}"), null)).isEqualTo(utf8("{\"a\": 1}"));
    assertThat(decoder.decode(utf8("{\"a\": 1}"), "identity")).isEqualTo(utf8("{\"a\": 1}"));
    assertThat(decoder.decode(gzip(utf8("{\"a\": 1}")), "GZIP")).isEqualTo(utf8("{\"a\": 1}"));
  }

  @Test
  void boundsTheBodyToTheByte() {
    assertThat(decoder.decode(padded(LIMIT), null)).hasSize(LIMIT);
    assertThatThrownBy(() -> decoder.decode(padded(LIMIT + 1), null))
        .isInstanceOf(BatchTooLarge.class);
  }

  @Test
  void boundsWhatABombInflatesTo() throws Exception {
    byte[] bomb = gzip(new byte[900_000]);
    assertThat(bomb.length).isLessThan(LIMIT);

    assertThatThrownBy(() -> decoder.decode(bomb, "gzip")).isInstanceOf(BatchTooLarge.class);
    assertThat(decoder.decode(gzip(padded(LIMIT)), "gzip")).hasSize(LIMIT);
    assertThatThrownBy(() -> decoder.decode(gzip(padded(LIMIT + 1)), "gzip"))
        .isInstanceOf(BatchTooLarge.class);
  }

  @Test
  void refusesOtherEncodings() {
    assertThatThrownBy(() -> decoder.decode(utf8("{}"), "br"))
        .isInstanceOf(UnsupportedEncoding.class);
    assertThatThrownBy(() -> decoder.decode(utf8("{}"), "gzip, gzip"))
        .isInstanceOf(UnsupportedEncoding.class);
  }

  @Test
  void refusesGzipThatIsNone() throws Exception {
    byte[] whole = gzip(padded(LIMIT));

    assertThatThrownBy(() -> decoder.decode(utf8("{}"), "gzip"))
        .isInstanceOf(MalformedTelemetry.class);
    assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(whole, whole.length - 9), "gzip"))
        .isInstanceOf(MalformedTelemetry.class);
  }

  @Test
  void takesABodyThatIsNotThereAsAnEmptyOne() {
    assertThat(decoder.decode(null, null)).isEmpty();
  }

  private static byte[] padded(int length) {
    return utf8("{" + " ".repeat(length - 2) + "}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
