package dev.facet.quantization.domain.calibration;

import static dev.facet.quantization.domain.calibration.LaneColumn.LANES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.kernel.Kernels;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackKernelTest {
  private final FeedbackKernel scalar = new ScalarFeedbackKernel();
  private final FeedbackKernel vector = new VectorFeedbackKernel();

  @Test
  void theVectorKernelIsChosenWhereTheModuleIsPresent() {
    // When
    FeedbackKernel chosen = FeedbackKernel.create();

    // Then
    assertThat(chosen)
        .isInstanceOf(
            Kernels.vectorModulePresent()
                ? VectorFeedbackKernel.class
                : ScalarFeedbackKernel.class);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,4,64", "128,32,64", "7,5,33", "64,31,172", "1,105,31", "0,4,64"})
  void vectorProductsAreTheScalarProductsBitForBit(int depth, int rows, int cols) {
    // Given
    FloatBlock a = block(depth, rows, 1);
    FloatBlock b = block(depth, cols, 2);
    FloatBlock expected = block(rows, cols, 3);
    FloatBlock actual = block(rows, cols, 3);

    // When
    scalar.addProduct(a, b, expected);
    vector.addProduct(a, b, actual);

    // Then
    assertThat(actual.values()).containsExactly(expected.values());
  }

  @Test
  void productsAreSums() {
    // Given
    FloatBlock a = FloatBlock.of(new float[] {1, 2, 3, 4}, 2, 2);
    FloatBlock b = FloatBlock.of(new float[] {5, 6, 7, 8}, 2, 2);
    FloatBlock c = FloatBlock.of(new float[] {1, 1, 1, 1}, 2, 2);

    // When
    scalar.addProduct(a, b, c);

    // Then
    assertThat(c.values()).containsExactly(27, 31, 39, 45);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "64,32,32", "63,29,17", "5,3,40", "64,4,16"})
  void vectorSubtractionsAreTheScalarSubtractionsBitForBit(int depth, int rows, int cols) {
    // Given
    DoubleBlock a = doubles(depth, rows, 1);
    DoubleBlock b = doubles(depth, cols, 2);
    DoubleBlock expected = doubles(rows, cols, 3);
    DoubleBlock actual = doubles(rows, cols, 3);

    // When
    scalar.subtractProduct(a, b, expected);
    vector.subtractProduct(a, b, actual);

    // Then
    assertThat(actual.values()).containsExactly(expected.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 8})
  void vectorRoundingIsTheScalarRoundingBitForBit(int anchor) {
    // Given
    LaneColumn expected = column(anchor);
    LaneColumn actual = column(anchor);

    // When
    scalar.round(expected, anchor);
    vector.round(actual, anchor);

    // Then
    assertThat(actual.cells).containsExactly(expected.cells);
    assertThat(actual.values).containsExactly(expected.values);
    assertThat(distinct(actual.cells)).isGreaterThan(2);
  }

  private static long distinct(byte[] cells) {
    return IntStream.range(0, cells.length).map(i -> cells[i]).distinct().count();
  }

  private static LaneColumn column(int anchor) {
    LaneColumn column = new LaneColumn();
    column.weights = CorrelatedInputs.weights(2 * LANES, 5);
    column.feedback = CorrelatedInputs.weights(3 * LANES, 6);
    column.feedbackFrom = 2 * LANES;
    column.column = LANES;
    column.scales = new float[LANES];
    column.inverses = new float[LANES];
    column.shifts = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      column.scales[lane] = lane % 7 == 0 ? 0 : 0.001f * (lane + 1);
      column.inverses[lane] = lane % 7 == 0 ? 0 : 1 / column.scales[lane];
      column.shifts[lane] = lane % 2 == 0 ? 0.1f / anchor : -0.1f / anchor;
    }
    column.cells = new byte[2 * LANES];
    column.values = new float[2 * LANES];
    return column;
  }

  /** A block inside a larger array, so that offsets and strides count. */
  private static FloatBlock block(int rows, int cols, long seed) {
    float[] values = CorrelatedInputs.weights((rows + 1) * (cols + 3), seed);
    return new FloatBlock(values, cols + 2, cols + 3, rows, cols);
  }

  private static DoubleBlock doubles(int rows, int cols, long seed) {
    float[] values = CorrelatedInputs.weights((rows + 1) * (cols + 3), seed);
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i] / 3.0);
    return new DoubleBlock(wide, cols + 2, cols + 3, rows, cols);
  }
}
