package dev.facet.quantization.domain.precision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SwapSearchTest {
  private static final PrecisionOption COARSE = new PrecisionOption(2, 10, 3);
  private static final PrecisionOption FINE = new PrecisionOption(3, 20, 1);
  private static final List<List<PrecisionOption>> THREE_ALIKE =
      List.of(List.of(COARSE, FINE), List.of(COARSE, FINE), List.of(COARSE, FINE));

  @Test
  void followsTheMeasurementsWhereTheSensitivitiesAreWrong() {
    // Given
    SwapSearch search = new SwapSearch(THREE_ALIKE, 40, map -> map.get(2) == FINE ? 1 : 2);

    // When
    List<PrecisionOption> found = search.improve(List.of(FINE, COARSE, COARSE), 4);

    // Then
    assertThat(found).containsExactly(COARSE, COARSE, FINE);
  }

  @Test
  void neverExceedsTheBudgetAndKeepsTheStartWhereNothingIsBetter() {
    // Given
    AtomicInteger trials = new AtomicInteger();
    SwapSearch search =
        new SwapSearch(
            THREE_ALIKE,
            40,
            map -> {
              assertThat(map.stream().mapToLong(PrecisionOption::bytes).sum())
                  .isLessThanOrEqualTo(40);
              return trials.getAndIncrement();
            });

    // When
    List<PrecisionOption> found = search.improve(List.of(FINE, COARSE, COARSE), 9);

    // Then
    assertThat(found).containsExactly(FINE, COARSE, COARSE);
    assertThat(trials).hasValue(3);
  }
}
