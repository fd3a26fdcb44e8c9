package dev.facet.streaming.domain.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.streaming.domain.bundle.Manifest;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    assertThat(FrameSelection.of(after, null).spans())
        .containsExactly(new FrameSelection.Span(first, Integer.MAX_VALUE));
  }

  @Test
  void hasAllFramesWhereNothingIsSaid() {
    assertThat(FrameSelection.of(null, null).among(3)).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "3; 3",
        "0-2; 0 1 2",
        "1,3-4,7-; 1 3 4 7 8 9",
        "8-20; 8 9",
        "9,10,11; 9",
        "12-;",
        "0-0; 0"
      })
  void hasTheFramesThatAreNamed(String frames, String expected) {
    int[] indices =
        expected == null
            ? new int[0]
            : Stream.of(expected.split(" ")).mapToInt(Integer::parseInt).toArray();

    assertThat(FrameSelection.of(null, frames).among(10)).containsExactly(indices);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "1,",
        "-3",
        "2,1",
        "3-2",
        "1-5,5",
        "1-,7",
        "a",
        "1 ,2",
        "1--2",
        "9999999999",
        "٣"
      })
  void refusesWhatNamesNoFrames(String frames) {
    assertThatThrownBy(() -> FrameSelection.of(null, frames))
        .isInstanceOf(InvalidPosition.class)
        .hasMessageContaining("frames");
  }

  @Test
  void refusesAListBeyondMeasureAndTwoAnswersToOneQuestion() {
    String endless =
        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(","));

    assertThatThrownBy(() -> FrameSelection.of(null, endless)).isInstanceOf(InvalidPosition.class);
    assertThatThrownBy(() -> FrameSelection.of("3", "4")).isInstanceOf(InvalidPosition.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "1.0", " 1", "9999999999", "1e3", "٣"})
  void refusesWhatIsNoFrameNumber(String after) {
    assertThatThrownBy(() -> FrameSelection.of(after, null))
        .isInstanceOf(InvalidPosition.class)
        .hasMessageContaining("after");
  }
}
