package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KvPrecisionTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  /** The first token that finds others coded: 4 sinks, 32 in a group, 64 recent ones. */
  private static final int FIRST = 99;

  private final int[] window = new SplittableRandom(5).ints(200, 2, 500).toArray();
  private Checkpoint checkpoint;

  @BeforeEach
  void open() {
    checkpoint =
        Checkpoint.open(Path.of("src/test/resources/conformance/llama"), new JacksonJsonSource());
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void tokensSeeSinksAndRecentOnesAsTheyAre() {
    // When
    float[] full = hidden(Optional.empty());
    float[] coded = hidden(Optional.of(new KvPrecision(2, 2)));

    // Then
    int width = checkpoint.config().hiddenSize();
    assertThat(Arrays.copyOf(coded, FIRST * width))
        .containsExactly(Arrays.copyOf(full, FIRST * width));
    assertThat(distance(full, coded)).isPositive();
    assertThat(KvPrecision.codedEnd(FIRST - 1)).isEqualTo(4);
    assertThat(KvPrecision.codedEnd(FIRST)).isEqualTo(36);
  }

  @Test
  void moreBitsAreCloser() {
    // When
    float[] full = hidden(Optional.empty());
    double two = distance(full, hidden(Optional.of(new KvPrecision(2, 2))));
    double mixed = distance(full, hidden(Optional.of(new KvPrecision(8, 2))));
    double four = distance(full, hidden(Optional.of(new KvPrecision(4, 4))));
    double eight = distance(full, hidden(Optional.of(new KvPrecision(8, 8))));

    // Then
    assertThat(mixed).isLessThan(two);
    assertThat(four).isLessThan(two / 8);
    assertThat(eight).isLessThan(four / 64);
  }

  @Test
  void groupsOfOneValueAndShortGroupsAreKept() {
    // Given
    float[] values = new float[8 * 40];
    Arrays.fill(values, 0.5f);

    // When
    float[] coded = CodedKv.values(values, 1, 40, 2);

    // Then
    assertThat(coded).containsExactly(values);
  }

  @Test
  void headsShareNoScale() {
    // Given
    float[] values = new float[8 * 2 * 96];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 96 % 2 == 1 ? 1000 : i % 96 < 80 ? 0 : 3;
    }

    // When
    float[] coded = CodedKv.values(values, 2, 96, 2);

    // Then
    assertThat(coded).containsExactly(values);
  }

  private float[] hidden(Optional<KvPrecision> cache) {
    return new Decoder(
            checkpoint.config(), checkpoint.decoder(), checkpoint, Kernels.matrix(), TWO, cache)
        .hidden(window);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.pow(one[i] - other[i], 2);
    }
    return sum;
  }
}
