package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationMemoryTest {
  private static final int WIDTH = 1024;
  private static final long MOMENTS = 4L * WIDTH * WIDTH;

  private final List<TensorGroup> groups =
      IntStream.range(0, 10).mapToObj(CalibrationMemoryTest::linear).toList();

  private static TensorGroup linear(int index) {
    String id = "layers." + index + ".o";
    return new TensorGroup(
        id, TensorGroup.Kind.LINEAR, List.of(new TensorSpec(id + ".weight", 64, WIDTH)));
  }

  @Test
  void momentsOfARunTakeAQuarterOfTheHeap() {
    List<List<TensorGroup>> runs = new CalibrationMemory(4 * 3 * MOMENTS).runs(groups);

    assertThat(runs).extracting(List::size).containsExactly(3, 3, 3, 1);
    assertThat(runs.stream().flatMap(List::stream)).containsExactlyElementsOf(groups);
  }

  @Test
  void aGroupTooWideForThatIsWatchedAlone() {
    assertThat(new CalibrationMemory(MOMENTS).runs(groups)).hasSize(10);
  }

  @Test
  void theWidestGroupMustBeFactoredWithinTheHeap() {
    assertThat(new CalibrationMemory(8 * MOMENTS).suffices(groups)).isTrue();
    assertThat(new CalibrationMemory(8 * MOMENTS - 1).suffices(groups)).isFalse();
  }
}
