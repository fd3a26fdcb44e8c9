package dev.facet.streaming.domain.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedEncodingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "br, gzip", "deflate,gzip;q=0.5", " gzip ;q=1"})
  void gzipIsTaken(String header) {
    assertThat(AcceptedEncodings.gzip(header)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "gzipped", "*;q=0"})
  void gzipIsNotTaken(String header) {
    assertThat(AcceptedEncodings.gzip(header)).isFalse();
  }
}
