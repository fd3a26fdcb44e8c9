package dev.facet.quantization.domain.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.VectorQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedCodecTest {
  private final EmbeddedEncoder encoder =
      new EmbeddedEncoder(new ScalarQuantizationKernel(), Workers.caller());

  static Stream<Arguments> shapes() {
    return Stream.of(1, 3, 105)
        .flatMap(
            rows ->
                Stream.of(1, 31, 32, 33, 172)
                    .flatMap(
                        cols ->
                            Stream.of(2, 3, 4, 5, 8)
                                .map(anchor -> Arguments.of(rows, cols, anchor))));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void segmentsPutTogetherDecodeLikeTheEncodersMatrix(int rows, int cols, int anchor) {
    // Given
    EmbeddedMatrix matrix =
        encoder.encode(gaussian(rows, cols), rows, cols, CodeSettings.forAnchor(anchor));
    PlaneReader reader = new PlaneReader(rows, cols, anchor, anchor, matrix.shift());

    // When
    for (int depth = anchor; depth >= 2; depth--) {
      for (int first = 0; first < rows; first += 50) {
        int count = Math.min(50, rows - first);
        reader.add(
            depth, first, count, ByteBuffer.wrap(PlaneWriter.write(matrix, depth, first, count)));
      }
    }

    // Then
    for (int depth = 2; depth <= anchor; depth++) {
      assertThat(decode(reader.matrix(), depth)).containsExactly(decode(matrix, depth));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bytesDoNotDependOnKernelOrWorkers(int rows, int cols, int anchor) {
    // Given
    float[] weights = gaussian(rows, cols);
    CodeSettings settings = CodeSettings.forAnchor(anchor);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    EmbeddedEncoder vector =
        new EmbeddedEncoder(new VectorQuantizationKernel(), new Workers(pool, 3));

    // When
    EmbeddedMatrix expected = encoder.encode(weights, rows, cols, settings);
    EmbeddedMatrix actual = vector.encode(weights, rows, cols, settings);
    pool.shutdown();

    // Then
    for (int depth = 2; depth <= anchor; depth++) {
      assertThat(PlaneWriter.write(actual, depth, 0, rows))
          .containsExactly(PlaneWriter.write(expected, depth, 0, rows));
    }
  }

  /**
   * A Lloyd-Max quantizer leaves .1175, .0345, .0095 and .0025 of a unit Gaussian's energy at 2 to
   * 5 bits: scales and shifts of groups must make up for uniform cells.
   */
  @ParameterizedTest
  @CsvSource({"2,0.1175", "3,0.0345", "4,0.0105", "5,0.0027", "6,0.0007", "8,0.00005"})
  void relativeErrorIsNearTheGaussianOptimum(int anchor, double bound) {
    // Given
    float[] weights = gaussian(64, 512);

    // When
    EmbeddedMatrix matrix = encoder.encode(weights, 64, 512, CodeSettings.forAnchor(anchor));

    // Then
    assertThat(relativeError(weights, decode(matrix, anchor))).isLessThan(bound);
  }

  @Test
  void eachFurtherPlaneLowersTheError() {
    // Given
    float[] weights = gaussian(32, 256);
    EmbeddedMatrix matrix = encoder.encode(weights, 32, 256, CodeSettings.forAnchor(6));

    // When
    double[] errors = new double[7];
    for (int depth = 2; depth <= 6; depth++) {
      errors[depth] = relativeError(weights, decode(matrix, depth));
    }

    // Then
    for (int depth = 3; depth <= 6; depth++) {
      assertThat(errors[depth]).isLessThan(errors[depth - 1] / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-42f, 1e-37f, 1e-20f, 1, 1e20f, 1e38f})
  void weightsOfAnySizeStayFinite(float size) {
    // Given
    float[] weights = gaussian(3, 64);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weights[i] / 5 * size;
    }

    // When
    EmbeddedMatrix matrix = encoder.encode(weights, 3, 64, CodeSettings.forAnchor(8));

    // Then
    double error = relativeError(weights, decode(matrix, 8));
    assertThat(error).isLessThan(size < Float.MIN_NORMAL ? 1.0001 : 0.001);
  }

  @Test
  void zeroRowsDecodeToZero() {
    // Given
    float[] weights = new float[2 * 40];
    weights[40] = 1;

    // When
    EmbeddedMatrix matrix = encoder.encode(weights, 2, 40, CodeSettings.forAnchor(4));

    // Then
    float[] decoded = decode(matrix, 4);
    for (int col = 0; col < 40; col++) {
      assertThat(decoded[col]).isZero();
    }
    assertThat(decoded[72]).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNotFiniteAreRefusedWithTheirPlace(float bad) {
    // Given
    float[] weights = gaussian(3, 40);
    weights[2 * 40 + 7] = bad;

    // When
    assertThatThrownBy(() -> encoder.encode(weights, 3, 40, CodeSettings.forAnchor(4)))
        // Then
        .isInstanceOf(UnencodableWeightException.class)
        .hasMessageContaining("row 2, column 7");
  }

  @Test
  void readerRefusesWhatDoesNotFit() {
    // Given
    EmbeddedMatrix matrix = encoder.encode(gaussian(4, 40), 4, 40, CodeSettings.forAnchor(3));
    byte[] base = PlaneWriter.write(matrix, 2, 0, 4);
    PlaneReader reader = new PlaneReader(4, 40, 3, 3, matrix.shift());
    reader.add(2, 0, 4, ByteBuffer.wrap(base));

    // When, Then
    assertThatThrownBy(() -> reader.add(2, 0, 4, ByteBuffer.wrap(base)))
        .isInstanceOf(MalformedPlaneException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> reader.add(3, 0, 4, ByteBuffer.wrap(base)))
        .isInstanceOf(MalformedPlaneException.class)
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> reader.add(3, 3, 2, ByteBuffer.wrap(base)))
        .isInstanceOf(MalformedPlaneException.class)
        .hasMessageContaining("rows 3+2");
    assertThatThrownBy(reader::matrix)
        .isInstanceOf(MalformedPlaneException.class)
        .hasMessageContaining("missing at depth 3");
  }

  private static float[] gaussian(int rows, int cols) {
    SplittableRandom random = new SplittableRandom(31L * rows + cols);
    float[] weights = new float[rows * cols];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }

  private static float[] decode(EmbeddedMatrix matrix, int depth) {
    float[] values = new float[matrix.rows() * matrix.cols()];
    matrix.decode(depth, 0, matrix.rows(), values, 0);
    return values;
  }

  private static double relativeError(float[] weights, float[] decoded) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < weights.length; i++) {
      error += Math.pow((double) weights[i] - decoded[i], 2);
      energy += (double) weights[i] * weights[i];
    }
    return error / energy;
  }
}
