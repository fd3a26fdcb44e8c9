package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.codec.PlaneReader;
import dev.facet.quantization.domain.codec.PlaneWriter;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.VectorQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratedEncoderTest {
  private static final Workers CALLER = Workers.caller();
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  @ParameterizedTest
  @CsvSource({"105,172,2", "105,172,3", "64,256,4", "1,33,5", "130,31,6"})
  void outputsComeOutBetterThanFromPlainRounding(int rows, int cols, int anchor) {
    // Given
    float[] weights = CorrelatedInputs.weights(rows * cols, 1);
    Hessian hessian = CorrelatedInputs.hessian(cols, 2);
    CodeSettings settings = CodeSettings.forAnchor(anchor);
    EmbeddedMatrix plain = plainEncoder().encode(weights, rows, cols, settings);

    // When
    EmbeddedMatrix calibrated = encode(weights, rows, hessian, settings).matrix();

    // Then
    double rounded = weightedError(weights, plain, anchor, hessian);
    double fedBack = weightedError(weights, calibrated, anchor, hessian);
    assertThat(fedBack).isLessThan(0.5 * rounded);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void prefixesAreUsable(int depth) {
    // Given
    float[] weights = CorrelatedInputs.weights(48 * 172, 1);
    Hessian hessian = CorrelatedInputs.hessian(172, 2);
    EmbeddedMatrix plain = plainEncoder().encode(weights, 48, 172, CodeSettings.forAnchor(4));

    // When
    EmbeddedMatrix calibrated = encode(weights, 48, hessian, CodeSettings.forAnchor(4)).matrix();

    // Then
    assertThat(weightedError(weights, calibrated, depth, hessian))
        .isLessThan(1.1 * weightedError(weights, plain, depth, hessian));
  }

  @Test
  void theErrorReportedIsThatOfTheDampedHessian() {
    // Given
    float[] weights = CorrelatedInputs.weights(70 * 96, 1);
    Hessian hessian = CorrelatedInputs.hessian(96, 2);
    double damping = FeedbackFactor.of(hessian, new ScalarFeedbackKernel(), CALLER).damping();

    // When
    CalibratedMatrix calibrated = encode(weights, 70, hessian, CodeSettings.forAnchor(3));

    // Then
    float[] values = decode(calibrated.matrix(), 3);
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      squares += Math.pow(weights[i] - values[i], 2);
    }
    double exact = weightedError(weights, calibrated.matrix(), 3, hessian) + damping * squares;
    assertThat(calibrated.error()).isCloseTo(exact, within(1e-4 * exact));
  }

  @ParameterizedTest
  @CsvSource({"105,172,2", "130,290,4"})
  void everyKernelAndNumberOfThreadsGivesTheSamePlanes(int rows, int cols, int anchor) {
    // Given
    float[] weights = CorrelatedInputs.weights(rows * cols, 5);
    Hessian hessian = CorrelatedInputs.hessian(cols, 6);
    CodeSettings settings = CodeSettings.forAnchor(anchor);
    FeedbackKernel scalar = new ScalarFeedbackKernel();
    FeedbackKernel vector = new VectorFeedbackKernel();

    // When
    EmbeddedMatrix one =
        new CalibratedEncoder(scalar, plainEncoder(), CALLER)
            .encode(weights, rows, LayerInputs.of(hessian, scalar, CALLER), settings)
            .matrix();
    EmbeddedMatrix two =
        new CalibratedEncoder(vector, new EmbeddedEncoder(new VectorQuantizationKernel(), TWO), TWO)
            .encode(weights, rows, LayerInputs.of(hessian, vector, TWO), settings)
            .matrix();

    // Then
    for (int depth = 2; depth <= anchor; depth++) {
      assertThat(PlaneWriter.write(two, depth, 0, rows))
          .containsExactly(PlaneWriter.write(one, depth, 0, rows));
    }
  }

  @Test
  void planesReadBackToTheSameValues() {
    // Given
    float[] weights = CorrelatedInputs.weights(33 * 172, 7);
    EmbeddedMatrix matrix =
        encode(weights, 33, CorrelatedInputs.hessian(172, 8), CodeSettings.forAnchor(4)).matrix();
    PlaneReader reader = new PlaneReader(33, 172, 4, 4, matrix.shift());

    // When
    for (int depth = 2; depth <= 4; depth++) {
      reader.add(depth, 0, 33, ByteBuffer.wrap(PlaneWriter.write(matrix, depth, 0, 33)));
    }

    // Then
    for (int depth = 2; depth <= 4; depth++) {
      assertThat(decode(reader.matrix(), depth)).containsExactly(decode(matrix, depth));
    }
  }

  @Test
  void deadColumnsAndRowsOfZerosKeepTheirValues() {
    // Given
    int cols = 96;
    float[] inputs = CorrelatedInputs.tokens(200, cols, 3);
    for (int t = 0; t < 200; t++) {
      Arrays.fill(inputs, t * cols + 32, t * cols + 65, 0);
    }
    Hessian hessian = new Hessian(cols);
    hessian.add(inputs, 200, CALLER);
    float[] weights = CorrelatedInputs.weights(4 * cols, 4);
    Arrays.fill(weights, cols, 2 * cols, 0);

    // When
    EmbeddedMatrix matrix = encode(weights, 4, hessian, CodeSettings.forAnchor(4)).matrix();

    // Then
    float[] values = decode(matrix, 4);
    for (int row = 0; row < 4; row++) {
      for (int i = row * cols + 32; i < row * cols + 65; i++) {
        assertThat(values[i]).isCloseTo(weights[i], within(0.012f));
      }
    }
    for (int i = cols; i < 2 * cols; i++) {
      assertThat(values[i]).isZero();
    }
  }

  @Test
  void inputsThatWereAllZeroLeavePlainRounding() {
    // Given
    Hessian hessian = new Hessian(64);
    hessian.add(new float[64 * 10], 10, CALLER);
    float[] weights = CorrelatedInputs.weights(8 * 64, 4);

    // When
    EmbeddedMatrix matrix = encode(weights, 8, hessian, CodeSettings.forAnchor(4)).matrix();

    // Then
    EmbeddedMatrix plain = plainEncoder().encode(weights, 8, 64, CodeSettings.forAnchor(4));
    assertThat(squaredError(weights, decode(matrix, 4)))
        .isLessThanOrEqualTo(1.0001 * squaredError(weights, decode(plain, 4)));
  }

  private static EmbeddedEncoder plainEncoder() {
    return new EmbeddedEncoder(new ScalarQuantizationKernel(), CALLER);
  }

  private static CalibratedMatrix encode(
      float[] weights, int rows, Hessian hessian, CodeSettings settings) {
    return new CalibratedEncoder(CALLER)
        .encode(weights, rows, LayerInputs.of(hessian, CALLER), settings);
  }

  private static float[] decode(EmbeddedMatrix matrix, int depth) {
    float[] values = new float[matrix.rows() * matrix.cols()];
    matrix.decode(depth, 0, matrix.rows(), values, 0);
    return values;
  }

  private static double squaredError(float[] weights, float[] values) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += Math.pow(weights[i] - values[i], 2);
    }
    return sum;
  }

  private static double weightedError(
      float[] weights, EmbeddedMatrix matrix, int depth, Hessian hessian) {
    float[] values = decode(matrix, depth);
    int cols = matrix.cols();
    double sum = 0;
    for (int row = 0; row < matrix.rows(); row++) {
      for (int i = 0; i < cols; i++) {
        double left = weights[row * cols + i] - values[row * cols + i];
        for (int j = 0; j < cols; j++) {
          sum += left * hessian.at(i, j) * (weights[row * cols + j] - values[row * cols + j]);
        }
      }
    }
    return sum;
  }
}
