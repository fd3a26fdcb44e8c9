package dev.facet.streaming.domain.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.streaming.domain.bundle.Manifest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @Test
  void headerIsLittleEndianIndexLengthAndDigest() {
    byte[] header = FrameHeader.of(0x0102, frame(0xfeedbeefL));

    assertThat(HexFormat.of().formatHex(header)).isEqualTo("02010000" + "efbeedfe" + DIGEST);
    assertThat(header).hasSize(FrameHeader.BYTES);
  }

  @Test
  void aFrameBeyondAnU32IsRefused() {
    assertThatThrownBy(() -> FrameHeader.of(0, frame(1L << 32)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Manifest.Frame frame(long bytes) {
    return new Manifest.Frame(DIGEST, bytes, "base", "layers.0.qk", 2);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "41,42", "999999999,1000000000"})
  void resumesAfterAFrame(String after, int first) {
    assertThat(StreamPosition.after(after).firstFrame()).isEqualTo(first);
  }

  @Test
  void beginsAtTheBeginning() {
    assertThat(StreamPosition.after(null).firstFrame()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "1.0", " 1", "9999999999", "1e3", "٣"})
  void refusesWhatIsNoFrameNumber(String after) {
    assertThatThrownBy(() -> StreamPosition.after(after))
        .isInstanceOf(InvalidPosition.class)
        .hasMessageContaining("after");
  }
}
