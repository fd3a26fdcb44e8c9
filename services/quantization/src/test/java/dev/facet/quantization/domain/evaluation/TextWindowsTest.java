package dev.facet.quantization.domain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextWindowsTest {
  private final int[] tokens = IntStream.range(0, 19).toArray();

  @Test
  void windowsFollowEachOtherAndTheRestIsLeft() {
    // When
    TextWindows cut = TextWindows.cut(tokens, 6, 64, Scoring.ALL);

    // Then
    assertThat(cut.windows())
        .containsExactly(
            new int[] {0, 1, 2, 3, 4, 5},
            new int[] {6, 7, 8, 9, 10, 11},
            new int[] {12, 13, 14, 15, 16, 17});
  }

  @Test
  void noMoreWindowsThanAskedFor() {
    assertThat(TextWindows.cut(tokens, 6, 2, Scoring.ALL).windows()).hasSize(2);
  }

  @Test
  void scoringTheSecondHalfPutsBosFirst() {
    // When
    TextWindows cut = TextWindows.cut(tokens, 6, 2, Scoring.SECOND_HALF);

    // Then
    assertThat(cut.windows().get(1)).containsExactly(0, 7, 8, 9, 10, 11);
    assertThat(Scoring.SECOND_HALF.firstPosition(512)).isEqualTo(256);
  }

  @Test
  void aTextShorterThanAWindowIsRefused() {
    assertThatThrownBy(() -> TextWindows.cut(tokens, 20, 1, Scoring.ALL))
        .isInstanceOf(TextTooShort.class)
        .hasMessageContaining("19 tokens");
  }
}
