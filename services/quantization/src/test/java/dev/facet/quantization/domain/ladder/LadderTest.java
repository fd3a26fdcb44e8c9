package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.front.UniformCuts;
import dev.facet.quantization.domain.kernel.QuantizationKernel;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.VectorQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LadderTest {
  private final Map<String, byte[]> stored = new HashMap<>();
  private Checkpoint checkpoint;
  private List<TensorGroup> groups;

  @BeforeEach
  void open() {
    Path folder = Path.of("src/test/resources/conformance/llama");
    checkpoint = Checkpoint.open(folder, new JacksonJsonSource());
    groups = TensorGroup.of(checkpoint.tensors());
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void groupsCoverEveryTensorOnceInExecutionOrder() {
    assertThat(groups)
        .extracting(TensorGroup::id)
        .containsExactly(
            "embedding",
            "layers.0.qk",
            "layers.0.v",
            "layers.0.o",
            "layers.0.gate_up",
            "layers.0.down",
            "layers.1.qk",
            "layers.1.v",
            "layers.1.o",
            "layers.1.gate_up",
            "layers.1.down",
            "head",
            "dense");
    assertThat(groups.stream().mapToLong(TensorGroup::weights).sum())
        .isEqualTo(checkpoint.parameters());
  }

  @Test
  void cutsReadBackWhatTheEncoderMadeOfEachTensor() {
    // Given
    List<EncodedGroup> encoded = encode(LadderSpec.FULL, new ScalarQuantizationKernel());
    LadderReader reader = new LadderReader(encoded, stored::get);
    Map<String, Integer> cut = new UniformCuts(LadderSpec.FULL, groups).cut(3).bits();
    TensorSpec tensor = checkpoint.decoder().layers().get(1).down();

    // When
    float[] read = reader.cut(cut).read(tensor);

    // Then
    EmbeddedMatrix expected =
        new EmbeddedEncoder(new ScalarQuantizationKernel(), Workers.caller())
            .encode(
                checkpoint.read(tensor), tensor.rows(), tensor.cols(), CodeSettings.forAnchor(4));
    float[] values = new float[read.length];
    expected.decode(3, 0, tensor.rows(), values, 0);
    assertThat(read).containsExactly(values);
    assertThat(reader.cut(cut).read(checkpoint.decoder().norm()))
        .containsExactly(checkpoint.read(checkpoint.decoder().norm()));
  }

  @Test
  void digestsDoNotDependOnTheKernel() {
    // When
    List<EncodedGroup> scalar = encode(LadderSpec.FULL, new ScalarQuantizationKernel());
    List<EncodedGroup> vector = encode(LadderSpec.FULL, new VectorQuantizationKernel());

    // Then
    assertThat(vector).isEqualTo(scalar);
  }

  @Test
  void segmentsFillTheirShards() {
    // When
    List<EncodedGroup> encoded = encode(LadderSpec.REFERENCE, new ScalarQuantizationKernel());

    // Then
    for (EncodedGroup group : encoded) {
      Map<String, Long> filled = new HashMap<>();
      for (LadderTensor tensor : group.tensors()) {
        Set<Integer> depths = new HashSet<>();
        for (Segment segment : tensor.segments()) {
          depths.add(segment.depth());
          assertThat(segment.offset()).isEqualTo(filled.getOrDefault(segment.shard(), 0L));
          filled.merge(segment.shard(), segment.bytes(), Long::sum);
        }
        assertThat(depths).hasSize(tensor.anchor() == 0 ? 1 : 7);
      }
      for (LadderShard shard : group.shards()) {
        assertThat(filled.get(shard.sha256())).isEqualTo(shard.bytes());
      }
    }
  }

  @Test
  void pointsCountEveryByteOfTheirPlanes() {
    // Given
    List<EncodedGroup> encoded = encode(LadderSpec.FULL, new ScalarQuantizationKernel());

    // When
    List<Point> points =
        new UniformCuts(LadderSpec.FULL, groups)
            .all().stream()
                .map(cut -> points(LadderSpec.FULL, encoded).point(cut.id(), cut.bits()))
                .toList();

    // Then
    assertThat(points).extracting(Point::id).containsExactly("full-2", "full-3", "full-4");
    long all =
        encoded.stream()
            .flatMap(group -> group.shards().stream())
            .mapToLong(LadderShard::bytes)
            .sum();
    Point deepest = points.get(2);
    assertThat(deepest.bytes()).isEqualTo(all);
    assertThat(deepest.bitsPerWeight())
        .isCloseTo(8.0 * all / checkpoint.parameters(), within(1e-12));
    assertThat(deepest.bits()).containsEntry("head", 6).containsEntry("layers.1.v", 4);
    assertThat(points.get(0).bits()).containsEntry("head", 6).containsEntry("layers.1.v", 2);
    assertThat(points.get(0).bytes()).isLessThan(points.get(1).bytes());
  }

  @Test
  void aWeightTooLargeToCodeIsNamedWithItsTensor() {
    // Given
    TensorGroup group = groups.get(1);
    WeightSource broken =
        (tensor, firstRow, rowCount, target, offset) -> {
          checkpoint.read(tensor, firstRow, rowCount, target, offset);
          int row = offset + 2 * tensor.cols();
          Arrays.fill(target, row, row + tensor.cols(), Float.MAX_VALUE);
        };
    MatrixEncoder rounding =
        MatrixEncoder.rounding(
            new EmbeddedEncoder(new ScalarQuantizationKernel(), Workers.caller()));

    // When, Then
    assertThatThrownBy(
            () ->
                new LadderEncoder(broken, rounding)
                    .encode(LadderSpec.FULL, group, (shard, bytes) -> {}))
        .isInstanceOf(UnencodableTensor.class)
        .hasMessageContaining("row 2")
        .hasMessageContaining("layers.0.self_attn.q_proj.weight");
  }

  private LadderPoints points(LadderSpec ladder, List<EncodedGroup> encoded) {
    return new LadderPoints(ladder, groups, encoded);
  }

  private List<EncodedGroup> encode(LadderSpec ladder, QuantizationKernel kernel) {
    MatrixEncoder rounding = MatrixEncoder.rounding(new EmbeddedEncoder(kernel, Workers.caller()));
    LadderEncoder encoder = new LadderEncoder(checkpoint, rounding);
    return groups.stream()
        .map(
            group ->
                encoder.encode(ladder, group, (shard, bytes) -> stored.put(shard.sha256(), bytes)))
        .toList();
  }
}
