package dev.facet.quantization.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixKernelTest {
  static Stream<Arguments> shapes() {
    return Stream.of(new VectorMatrixKernel(), new ScalarMatrixKernel())
        .flatMap(
            kernel ->
                Stream.of(
                        new int[] {1, 1, 1},
                        new int[] {3, 5, 7},
                        new int[] {4, 4, 16},
                        new int[] {4, 4, 17},
                        new int[] {13, 207, 65},
                        new int[] {65, 9, 172},
                        new int[] {130, 6, 31})
                    .map(s -> Arguments.of(kernel, s[0], s[1], s[2])));
  }

  /** The tolerance is the worst rounding of a sum of k products of numbers up to 1. */
  @ParameterizedTest
  @MethodSource("shapes")
  void productsAgreeWithDoubleArithmetic(MatrixKernel kernel, int m, int n, int k) {
    // Given
    MatrixSlice a = random(m, k, 3, k + 2);
    MatrixSlice b = random(n, k, 5, k + 1);
    MatrixSlice product = random(m, n, 7, n + 3);
    float[] before = product.data().clone();

    // When
    kernel.multiplyTransposed(a, b, m, n, k, product);

    // Then
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double expected = 0;
        for (int p = 0; p < k; p++) {
          expected += (double) a.data()[a.row(i) + p] * b.data()[b.row(j) + p];
        }
        assertThat(Math.abs(product.data()[product.row(i) + j] - expected))
            .isLessThan(k * k * Math.ulp(1f));
      }
      assertThat(product.data()[product.row(i) + n]).isEqualTo(before[product.row(i) + n]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "5,7,3", "13,207,65", "65,9,172", "130,31,600"})
  void vectorProductsAreTheScalarProductsBitForBit(int m, int n, int k) {
    // Given
    MatrixSlice a = random(m, k, 3, k + 2);
    MatrixSlice b = random(n, k, 5, k + 1);
    MatrixSlice expected = random(m, n, 7, n + 3);
    MatrixSlice actual = random(m, n, 7, n + 3);

    // When
    new ScalarMatrixKernel().multiplyTransposed(a, b, m, n, k, expected);
    new VectorMatrixKernel().multiplyTransposed(a, b, m, n, k, actual);

    // Then
    assertThat(actual.data()).containsExactly(expected.data());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void matricesLaidOutInPanelsGiveTheSameBits(MatrixKernel kernel, int m, int n, int k) {
    // Given
    MatrixSlice a = random(m, k, 3, k + 2);
    MatrixSlice b = random(n, k, 5, k + 1);
    float[] turned = new float[k * n];
    for (int i = 0; i < k * n; i++) {
      turned[i] = b.data()[b.row(i % n) + i / n];
    }
    MatrixSlice expected = random(m, n, 7, n + 3);
    MatrixSlice one = random(m, n, 7, n + 3);
    MatrixSlice two = random(m, n, 7, n + 3);

    // When
    kernel.multiplyTransposed(a, b, m, n, k, expected);
    kernel.multiplyTransposed(a, m, PanelMatrix.of(b, n, k), one);
    kernel.multiplyTransposed(a, m, PanelMatrix.ofTransposed(MatrixSlice.of(turned, n), n, k), two);

    // Then
    assertThat(one.data()).containsExactly(expected.data());
    assertThat(two.data()).containsExactly(expected.data());
  }

  @Test
  void vectorsAreUsedWhereTheModuleIsPresent() {
    assertThat(Kernels.matrix())
        .isInstanceOf(
            Kernels.vectorModulePresent() ? VectorMatrixKernel.class : ScalarMatrixKernel.class);
  }

  private static MatrixSlice random(int rows, int cols, int offset, int stride) {
    SplittableRandom random = new SplittableRandom(rows * 31L + cols);
    float[] data = new float[offset + rows * stride + cols];
    for (int i = 0; i < data.length; i++) {
      data[i] = 2 * random.nextFloat() - 1;
    }
    return new MatrixSlice(data, offset, stride);
  }
}
