package dev.facet.streaming.domain.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {
  private static final long LENGTH = 1000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-0 | 0 | 0",
        "bytes=0-499 | 0 | 499",
        "bytes=500-999 | 500 | 999",
        "bytes=500-5000 | 500 | 999",
        "bytes=999-999 | 999 | 999",
        "bytes=999- | 999 | 999",
        "bytes=0- | 0 | 999",
        "bytes=-1 | 999 | 999",
        "bytes=-500 | 500 | 999",
        "bytes=-1000 | 0 | 999",
        "bytes=-5000 | 0 | 999",
        "bytes=-99999999999999999999999999 | 0 | 999",
        "bytes=1-99999999999999999999999999 | 1 | 999",
        "bytes=007-008 | 7 | 8",
        "Bytes=1-2 | 1 | 2",
        "BYTES=1-2 | 1 | 2",
        "bytes= 1-2 | 1 | 2",
        "bytes=1-2, | 1 | 2",
        "bytes=,,1-2,, | 1 | 2",
      })
  void findsOnePart(String header, long first, long last) {
    assertThat(ByteRanges.parse(header, LENGTH))
        .isEqualTo(new RangeAnswer.Part(new ByteRange(first, last)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-9,10-19 | 0 | 19",
        "bytes=10-19,0-9 | 0 | 19",
        "bytes=0-99,50-60 | 0 | 99",
        "bytes=0-99, 50-150 , 100-200 | 0 | 200",
        "bytes=0-,0-,0-,0- | 0 | 999",
        "bytes=900-,-100 | 900 | 999",
        "bytes=5000-6000,1-2 | 1 | 2",
        "bytes=-0,1-2 | 1 | 2",
      })
  void joinsPartsThatTouchOrLieOutside(String header, long first, long last) {
    assertThat(ByteRanges.parse(header, LENGTH))
        .isEqualTo(new RangeAnswer.Part(new ByteRange(first, last)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes= , ,",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=1-2-3",
        "bytes=2-1",
        "bytes=1 - 2",
        "bytes=0x0-1",
        "bytes=+1-2",
        "bytes=--1",
        "bytes=1-2;3-4",
        "bytes=1.5-2",
        "bytes=١-٢",
        "bytes 1-2",
        "bytes:1-2",
        "items=0-1",
        "bytes=0-1,x",
        "bytes=0-1,9-8",
        "bytes=99999999999999999999-5",
        "bytes=0-1,5-6",
        "bytes=0-1,999-",
      })
  void answersInFullWhatIsMalformedOrScattered(String header) {
    assertThat(ByteRanges.parse(header, LENGTH)).isEqualTo(new RangeAnswer.Whole());
  }

  @Test
  void answersInFullWithoutAHeader() {
    assertThat(ByteRanges.parse(null, LENGTH)).isEqualTo(new RangeAnswer.Whole());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=1000-",
        "bytes=1000-1000",
        "bytes=5000-6000",
        "bytes=-0",
        "bytes=-000",
        "bytes=1000-,2000-",
        "bytes=99999999999999999999-",
        "bytes=99999999999999999999-99999999999999999999",
      })
  void knowsWhatLiesOutside(String header) {
    assertThat(ByteRanges.parse(header, LENGTH)).isEqualTo(new RangeAnswer.Unsatisfiable());
  }

  @Test
  void takesUpToEightRangesAndIgnoresMore() {
    String eight = list(8);
    String nine = list(9);

    assertThat(ByteRanges.parse("bytes=" + eight, LENGTH))
        .isEqualTo(new RangeAnswer.Part(new ByteRange(0, 79)));
    assertThat(ByteRanges.parse("bytes=" + nine, LENGTH)).isEqualTo(new RangeAnswer.Whole());
  }

  private static String list(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> 10 * i + "-" + (10 * i + 9))
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"})
  void anEmptyBlobSatisfiesNothing(String header) {
    assertThat(ByteRanges.parse(header, 0)).isEqualTo(new RangeAnswer.Unsatisfiable());
  }

  /** Every range of a small blob, against the definition written out. */
  @Test
  void agreesWithTheDefinitionOnEveryRangeOfASmallBlob() {
    int length = 7;
    for (int first = 0; first < 10; first++) {
      for (int last = 0; last < 10; last++) {
        RangeAnswer expected =
            last < first
                ? new RangeAnswer.Whole()
                : first >= length
                    ? new RangeAnswer.Unsatisfiable()
                    : new RangeAnswer.Part(new ByteRange(first, Math.min(last, length - 1)));
        assertThat(ByteRanges.parse("bytes=" + first + '-' + last, length)).isEqualTo(expected);
      }
    }
  }
}
