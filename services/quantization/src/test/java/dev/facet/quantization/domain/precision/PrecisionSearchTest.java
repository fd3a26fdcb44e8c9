package dev.facet.quantization.domain.precision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Segment;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrecisionSearchTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  private Checkpoint checkpoint;
  private Calibration calibration;
  private List<int[]> windows;

  @BeforeEach
  void calibrate() {
    checkpoint =
        Checkpoint.open(Path.of("src/test/resources/conformance/llama"), new JacksonJsonSource());
    windows = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 6; i++) {
      windows.add(random.ints(48, 2, 500).toArray());
    }
    calibration = new CheckpointCalibration(checkpoint, TWO).run(windows, t -> true, w -> {});
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void sizesAreKnownWithoutCoding() {
    LadderEncoder encoder =
        new LadderEncoder(
            checkpoint, new CheckpointCalibration(checkpoint, TWO).encoder(calibration));
    for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
      int anchor = group.kind() == TensorGroup.Kind.DENSE ? 0 : 4;
      for (int depth : anchor == 0 ? List.of(0) : List.of(2, 3, 4)) {
        long coded =
            encoder.encode("any", group, anchor, (shard, bytes) -> {}).tensors().stream()
                .map(LadderTensor::segments)
                .flatMap(List::stream)
                .filter(segment -> segment.depth() <= depth)
                .mapToLong(Segment::bytes)
                .sum();
        assertThat(LadderEncoder.bytes(group, anchor, depth)).as(group.id()).isEqualTo(coded);
      }
    }
  }

  @Test
  void moreBytesGiveNoFewerBitsInAllAndStayWithinTheBudget() {
    // Given
    PrecisionSearch search =
        new PrecisionSearch(checkpoint, calibration, Map.of(), TWO, done -> {});

    // When
    Map<String, Integer> small = search.fit(new Budget.OfModel(60_000));
    Map<String, Integer> large = search.fit(new Budget.OfModel(90_000));

    // Then
    assertThat(bytes(small)).isBetween(58_000L, 60_000L);
    assertThat(bytes(large)).isBetween(87_000L, 90_000L);
  }

  @Test
  void aBodysBitsAreSpentOnLinearLayersOnly() {
    // Given
    PrecisionSearch search =
        new PrecisionSearch(checkpoint, calibration, Map.of(), TWO, done -> {});

    // When
    Map<String, Integer> map = search.fit(new Budget.OfBody(3.5));

    // Then
    assertThat(map).containsEntry("embedding", 8);
    double bits = 0;
    long weights = 0;
    for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
      if (group.kind() == TensorGroup.Kind.LINEAR) {
        int depth = map.get(group.id());
        bits += 8.0 * LadderEncoder.bytes(group, depth, depth);
        weights += group.weights();
      }
    }
    assertThat(bits / weights).isBetween(3.3, 3.5);
  }

  @Test
  void cutsOfALadderAreNeverDeeperThanItsAnchors() {
    // Given
    Map<String, Integer> anchors = new HashMap<>();
    TensorGroup.of(checkpoint.tensors())
        .forEach(g -> anchors.put(g.id(), LadderSpec.FULL.anchor(g)));
    anchors.put("layers.0.down", 2);

    // When
    Map<String, Integer> cut =
        new PrecisionSearch(checkpoint, calibration, anchors, TWO, done -> {})
            .fit(new Budget.OfModel(1 << 20));

    // Then
    assertThat(cut).isEqualTo(anchors);
  }

  @Test
  void measuredSwapsAreNoWorseOnTheWindowsTheyAreMeasuredOn() {
    // Given
    PrecisionSearch search =
        new PrecisionSearch(checkpoint, calibration, Map.of(), TWO, done -> {});
    TextWindows text = new TextWindows(windows.subList(0, 2), Scoring.ALL);
    CodedOptions coded =
        new CodedOptions(
            new LadderEncoder(
                checkpoint, new CheckpointCalibration(checkpoint, TWO).encoder(calibration)),
            TensorGroup.of(checkpoint.tensors()),
            Map.of());
    PrecisionProbe probe = new PrecisionProbe(checkpoint, coded, text, TWO);
    List<Integer> measured = new ArrayList<>();

    // When
    Map<String, Integer> swapped = search.fit(new Budget.OfModel(60_000), text, 5, measured::add);

    // Then
    assertThat(measured).hasSizeBetween(1, 6);
    assertThat(probe.measure(swapped))
        .isLessThanOrEqualTo(probe.measure(search.fit(new Budget.OfModel(60_000))));
  }

  private long bytes(Map<String, Integer> map) {
    return TensorGroup.of(checkpoint.tensors()).stream()
        .mapToLong(g -> LadderEncoder.bytes(g, map.get(g.id()), map.get(g.id())))
        .sum();
  }
}
