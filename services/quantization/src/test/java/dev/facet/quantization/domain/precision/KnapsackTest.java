package dev.facet.quantization.domain.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnapsackTest {
  @ParameterizedTest
  @ValueSource(longs = {60, 75, 100, 140, 1000})
  void findsWhatTryingAllFinds(long budget) {
    for (long seed = 0; seed < 20; seed++) {
      // Given
      List<List<PrecisionOption>> groups = groups(5, seed);

      // When
      List<PrecisionOption> chosen = Knapsack.solve(groups, budget);

      // Then
      assertThat(bytes(chosen)).isLessThanOrEqualTo(budget);
      assertThat(loss(chosen)).isEqualTo(leastLoss(groups, 0, budget, 0));
    }
  }

  @Test
  void roundingOfLargeSizesNeverExceedsTheBudget() {
    // Given
    List<List<PrecisionOption>> groups = new ArrayList<>();
    for (int g = 0; g < 40; g++) {
      groups.add(
          List.of(
              new PrecisionOption(2, 1_000_003, 4 + g),
              new PrecisionOption(3, 1_700_017, 1 + g / 4.0)));
    }

    // When
    List<PrecisionOption> chosen = Knapsack.solve(groups, 54_321_987);

    // Then
    assertThat(bytes(chosen)).isBetween(54_321_987L - 700_014 - 40 * 512, 54_321_987L);
    assertThat(chosen.get(39).bits()).isEqualTo(3);
    assertThat(chosen.get(0).bits()).isEqualTo(2);
  }

  @Test
  void aBudgetThatNothingFitsIsRefusedWithTheLeastThatWould() {
    assertThatThrownBy(() -> Knapsack.solve(groups(5, 1), 20))
        .isInstanceOf(BudgetTooSmall.class)
        .hasMessageContaining("20 bytes");
  }

  /** Groups of three options of 8 to 30 bytes whose losses fall as sizes grow. */
  private static List<List<PrecisionOption>> groups(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<List<PrecisionOption>> groups = new ArrayList<>();
    for (int g = 0; g < count; g++) {
      int bytes = 8 + random.nextInt(5);
      int loss = 100 + random.nextInt(100);
      List<PrecisionOption> options = new ArrayList<>();
      for (int bits = 2; bits <= 4; bits++) {
        options.add(new PrecisionOption(bits, bytes, loss));
        bytes += 1 + random.nextInt(9);
        loss -= random.nextInt(50);
      }
      groups.add(options);
    }
    return groups;
  }

  private static double leastLoss(
      List<List<PrecisionOption>> groups, int g, long budget, double loss) {
    if (g == groups.size()) {
      return loss;
    }
    double least = Double.POSITIVE_INFINITY;
    for (PrecisionOption option : groups.get(g)) {
      if (option.bytes() <= budget) {
        long left = budget - option.bytes();
        least = Math.min(least, leastLoss(groups, g + 1, left, loss + option.loss()));
      }
    }
    return least;
  }

  private static long bytes(List<PrecisionOption> chosen) {
    return chosen.stream().mapToLong(PrecisionOption::bytes).sum();
  }

  private static double loss(List<PrecisionOption> chosen) {
    return chosen.stream().mapToDouble(PrecisionOption::loss).sum();
  }
}
