package dev.facet.telemetry.domain.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceLadderTest {
  private static final Rung TWO = new Rung("full-2", 80, 0.45);
  private static final Rung THREE = new Rung("full-3", 120, 0.06);
  private static final Rung FOUR = new Rung("full-4", 160, null);

  private final ChoiceLadder ladder = ChoiceLadder.of(List.of(FOUR, TWO, THREE), 0.2).orElseThrow();

  @Test
  void ordersByBytes() {
    assertThat(ladder.rungs()).containsExactly(TWO, THREE, FOUR);
    assertThat(ladder.downFrom(THREE)).containsExactly(THREE, TWO);
  }

  @Test
  void stepsOverPointsThatLoseTooMuch() {
    assertThat(ladder.below(FOUR)).contains(THREE);
    assertThat(ladder.below(THREE)).isEmpty();
    assertThat(ladder.above(TWO)).contains(THREE);
    assertThat(ladder.above(FOUR)).isEmpty();
  }

  @Test
  void startsAtTheRichestAllowedPoint() {
    assertThat(ladder.defaultRung()).isEqualTo(FOUR);
    assertThat(ChoiceLadder.of(List.of(THREE, new Rung("full-4", 160, 0.3)), 0.2))
        .hasValueSatisfying(other -> assertThat(other.defaultRung()).isEqualTo(THREE));
  }

  @Test
  void isNoneWhereNothingMayBeChosen() {
    assertThat(ChoiceLadder.of(List.of(TWO), 0.2)).isEmpty();
    assertThat(ChoiceLadder.of(List.of(), 0.2)).isEmpty();
  }
}
