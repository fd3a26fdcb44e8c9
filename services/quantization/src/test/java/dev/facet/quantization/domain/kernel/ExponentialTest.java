package dev.facet.quantization.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void isWithinTwoUnitsInTheLastPlace() {
    for (float x = -87; x < 88.5f; x += 0.0137f) {
      // When
      float found = Exponential.exp(x);

      // Then
      float exact = (float) StrictMath.exp(x);
      assertThat(found).as("exp(%s)", x).isCloseTo(exact, within(2 * Math.ulp(exact)));
    }
  }

  @Test
  void endsOfTheRangeAreKept() {
    assertThat(Exponential.exp(0)).isEqualTo(1);
    assertThat(Exponential.exp(-200)).isZero();
    assertThat(Exponential.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Exponential.exp(89)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Exponential.exp(Float.NaN)).isNaN();
  }
}
