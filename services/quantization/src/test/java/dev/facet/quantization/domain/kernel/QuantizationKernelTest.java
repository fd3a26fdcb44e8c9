package dev.facet.quantization.domain.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizationKernelTest {
  private final QuantizationKernel scalar = new ScalarQuantizationKernel();
  private final QuantizationKernel vector = new VectorQuantizationKernel();

  static IntStream anchors() {
    return IntStream.rangeClosed(2, 8);
  }

  @ParameterizedTest
  @MethodSource("anchors")
  void vectorErrorsAreTheScalarErrorsBitForBit(int anchor) {
    for (float prefixShare : new float[] {0, 0.03f}) {
      // Given
      GroupBlock block = block(anchor);
      float[] scales = scales(anchor);
      float[] shifts = shifts(anchor);
      float[] expected = new float[GroupBlock.LANES];
      float[] actual = new float[GroupBlock.LANES];

      // When
      scalar.errors(block, scales, shifts, anchor, prefixShare, expected);
      vector.errors(block, scales, shifts, anchor, prefixShare, actual);

      // Then
      assertThat(actual).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("anchors")
  void vectorCellsAreTheScalarCells(int anchor) {
    // Given
    GroupBlock block = block(anchor);
    byte[] expected = new byte[block.values.length];
    byte[] actual = new byte[block.values.length];

    // When
    scalar.cells(block, scales(anchor), shifts(anchor), anchor, expected);
    vector.cells(block, scales(anchor), shifts(anchor), anchor, actual);

    // Then
    assertThat(actual).containsExactly(expected);
    assertThat(IntStream.range(0, actual.length).map(i -> actual[i] & 0xff).max())
        .hasValue((1 << anchor) - 1);
  }

  @Test
  void kernelsAreVectorizedWhereTheModuleIsPresentAndTheJvmIsNew() {
    // Given
    boolean expected = Runtime.version().feature() >= 21 && Kernels.vectorModulePresent();

    // When
    QuantizationKernel chosen = Kernels.quantization();

    // Then
    assertThat(chosen)
        .isInstanceOf(expected ? VectorQuantizationKernel.class : ScalarQuantizationKernel.class);
  }

  /** Random weights, with weights on cell borders, far outside and zero among them. */
  private static GroupBlock block(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    GroupBlock block = new GroupBlock();
    for (int i = 0; i < block.values.length; i++) {
      block.values[i] =
          switch (i % 11) {
            case 0 -> 0;
            case 1 -> (random.nextInt(33) - 16) / 16f;
            case 2 -> 100;
            case 3 -> -100;
            default -> (float) random.nextGaussian();
          };
      block.importance[i] = i % 7 == 0 ? 0 : random.nextFloat();
    }
    return block;
  }

  private static float[] scales(int seed) {
    SplittableRandom random = new SplittableRandom(seed + 100);
    float[] scales = new float[GroupBlock.LANES];
    for (int g = 0; g < scales.length; g++) {
      scales[g] = g % 3 == 0 ? 1 : 0.5f + 2 * random.nextFloat();
    }
    return scales;
  }

  private static float[] shifts(int seed) {
    float[] shifts = new float[GroupBlock.LANES];
    for (int g = 0; g < shifts.length; g++) {
      shifts[g] = g % 2 == 0 ? 0 : (g % 4 == 1 ? 0.04f : -0.04f) * seed;
    }
    return shifts;
  }
}
