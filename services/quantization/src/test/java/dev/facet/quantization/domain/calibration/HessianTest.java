package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HessianTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  @ParameterizedTest
  @CsvSource({"1,1", "32,128", "33,129", "172,300"})
  void holdsTheSecondMoments(int size, int tokens) {
    // Given
    float[] inputs = CorrelatedInputs.tokens(2 * tokens, size, 1);
    Hessian hessian = new Hessian(size);

    // When
    hessian.add(inputs, tokens, TWO);
    hessian.add(Arrays.copyOfRange(inputs, tokens * size, 2 * tokens * size), tokens, TWO);

    // Then
    assertThat(hessian.tokens()).isEqualTo(2 * tokens);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double exact = product(inputs, 2 * tokens, size, i, j);
        double bound =
            1e-6
                * Math.sqrt(product(inputs, 2 * tokens, size, i, i))
                * Math.sqrt(product(inputs, 2 * tokens, size, j, j));
        assertThat(hessian.at(i, j)).isCloseTo(exact, within(bound));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"31,77", "172,300"})
  void isTheSameOnEveryKernelAndNumberOfThreads(int size, int tokens) {
    // Given
    float[] inputs = CorrelatedInputs.tokens(tokens, size, 2);
    Hessian scalar = new Hessian(size);
    Hessian vector = new Hessian(size);

    // When
    scalar.add(inputs, tokens, new ScalarFeedbackKernel(), Workers.caller());
    vector.add(inputs, tokens, new VectorFeedbackKernel(), TWO);

    // Then
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        assertThat(vector.at(i, j)).isEqualTo(scalar.at(i, j));
      }
    }
  }

  private static double product(float[] inputs, int tokens, int size, int i, int j) {
    double sum = 0;
    for (int t = 0; t < tokens; t++) {
      sum += (double) inputs[t * size + i] * inputs[t * size + j];
    }
    return sum;
  }
}
