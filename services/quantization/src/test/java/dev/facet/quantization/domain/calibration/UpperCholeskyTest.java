package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.quantization.domain.kernel.Workers;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpperCholeskyTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 64, 65, 172})
  void factorTimesItsTransposeIsTheMatrix(int size) {
    // Given
    double[] matrix = matrix(size);
    double[] factor = matrix.clone();

    // When
    boolean positive =
        UpperCholesky.factorize(factor, size, new ScalarFeedbackKernel(), Workers.caller());

    // Then
    assertThat(positive).isTrue();
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        double product = 0;
        for (int k = 0; k <= i; k++) {
          product += factor[k * size + i] * factor[k * size + j];
        }
        assertThat(product).isCloseTo(matrix[i * size + j], within(1e-10 * matrix[i * size + i]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 172, 203})
  void isTheSameOnEveryKernelAndNumberOfThreads(int size) {
    // Given
    double[] scalar = matrix(size);
    double[] vector = matrix(size);

    // When
    UpperCholesky.factorize(scalar, size, new ScalarFeedbackKernel(), Workers.caller());
    UpperCholesky.factorize(vector, size, new VectorFeedbackKernel(), TWO);

    // Then
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        assertThat(vector[i * size + j]).isEqualTo(scalar[i * size + j]);
      }
    }
  }

  @Test
  void aMatrixThatIsNotPositiveDefiniteIsRefused() {
    // Given
    double[] indefinite = {1, 2, 2, 1};

    // When
    boolean positive =
        UpperCholesky.factorize(indefinite, 2, new ScalarFeedbackKernel(), Workers.caller());

    // Then
    assertThat(positive).isFalse();
  }

  private static double[] matrix(int size) {
    Hessian hessian = CorrelatedInputs.hessian(size, 9);
    double[] matrix = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i * size + j] = hessian.at(i, j) + (i == j ? 1 : 0);
      }
    }
    return matrix;
  }
}
