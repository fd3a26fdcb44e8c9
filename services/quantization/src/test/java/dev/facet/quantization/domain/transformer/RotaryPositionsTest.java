package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.kernel.ladder.RopeScaling;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Angles of the pairs that turn, read off a vector whose first half is ones. */
class RotaryPositionsTest {
  private static final int HEAD_DIM = 8;

  @Test
  void aPartOfTheHeadTurnsAndTheRestStays() {
    // Given
    RotaryPositions positions = RotaryPositions.of(config(4, null), 6);

    // When
    float[] vector = turned(positions, 5);

    // Then
    requireAngle(vector, 0, 5, 1);
    requireAngle(vector, 1, 5 * Math.pow(10_000, -2.0 / 4), 1);
    requireAngle(vector, 2, 0, 1);
    requireAngle(vector, 3, 0, 1);
  }

  @Test
  void longropeChoosesItsFactorsByTheContext() {
    // Given
    List<Double> near = List.of(1.0, 1.1, 1.2, 1.3);
    List<Double> far = List.of(2.0, 3.0, 4.0, 5.0);
    ArchitectureConfig config = config(null, RopeScaling.longrope(near, far, 1.25, 4));

    // When
    float[] within = turned(RotaryPositions.of(config, 4), 3);
    float[] beyond = turned(RotaryPositions.of(config, 5), 3);

    // Then
    for (int i = 0; i < HEAD_DIM / 2; i++) {
      double frequency = Math.pow(10_000, -2.0 * i / HEAD_DIM);
      requireAngle(within, i, 3 * frequency / near.get(i), 1.25);
      requireAngle(beyond, i, 3 * frequency / far.get(i), 1.25);
    }
  }

  @Test
  void linearStretchingSlowsAllAlike() {
    // Given
    RotaryPositions positions = RotaryPositions.of(config(null, RopeScaling.linear(8, 16)), 16);

    // When
    float[] vector = turned(positions, 8);

    // Then
    requireAngle(vector, 0, 1, 1);
    requireAngle(vector, 1, Math.pow(10_000, -2.0 / HEAD_DIM), 1);
  }

  private static float[] turned(RotaryPositions positions, int position) {
    float[] vector = {1, 1, 1, 1, 0, 0, 0, 0};
    positions.rotate(vector, 0, 1, position);
    return vector;
  }

  private static void requireAngle(float[] vector, int pair, double angle, double amplitude) {
    assertThat((double) vector[pair]).isCloseTo(amplitude * Math.cos(angle), within(1e-6));
    assertThat((double) vector[pair + HEAD_DIM / 2])
        .isCloseTo(amplitude * Math.sin(angle), within(1e-6));
  }

  private static ArchitectureConfig config(Integer rotaryDims, RopeScaling scaling) {
    DecoderTraits traits =
        new DecoderTraits(
            DecoderTraits.SILU, List.of(), false, false, List.of(), null, rotaryDims, null, null);
    return new ArchitectureConfig(
        "phi3", 8, 1, 1, 1, HEAD_DIM, 8, 8, 16, 10_000, scaling, 1e-5, true, 0, List.of(), traits,
        null, null);
  }
}
