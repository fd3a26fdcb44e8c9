package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.SequenceBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointCalibrationTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);
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
  void sequencesThatGrowInStepAreWhatAWholeWindowGives() {
    // Given
    Decoder decoder = decoder();
    int[][] windows = {{1, 5, 9, 2, 7, 3}, {1, 4, 4, 8, 0, 6}};
    SequenceBatch batch = decoder.batch(2, 6);
    int width = checkpoint.config().hiddenSize();

    for (int t = 0; t < 6; t++) {
      // When
      float[] hidden = batch.step(new int[] {windows[0][t], windows[1][t]});

      // Then
      for (int sequence = 0; sequence < 2; sequence++) {
        float[] whole = decoder.hidden(windows[sequence]);
        for (int i = 0; i < width; i++) {
          float expected = whole[t * width + i];
          assertThat(Math.abs(hidden[sequence * width + i] - expected))
              .isLessThan(1e-4f * (1 + Math.abs(expected)));
        }
      }
    }
  }

  @Test
  void theTextAModelWritesDependsOnTheSeedAlone() {
    // Given
    int bos = checkpoint.config().bosTokenId();

    // When
    List<int[]> one = new SampledText(decoder(), bos, TWO).windows(3, 16, 7, t -> {});
    List<int[]> two = new SampledText(decoder(), bos, Workers.caller()).windows(3, 16, 7, t -> {});
    List<int[]> other = new SampledText(decoder(), bos, TWO).windows(3, 16, 8, t -> {});

    // Then
    assertThat(one).usingRecursiveComparison().isEqualTo(two);
    assertThat(one.get(0)).isNotEqualTo(other.get(0)).isNotEqualTo(one.get(1));
    assertThat(one.get(0)[0]).isEqualTo(bos);
  }

  @Test
  void theSameCheckpointAndTextGiveTheSameShardsOnAnyNumberOfThreads() {
    assertThat(shards(TWO)).isNotEmpty().isEqualTo(shards(Workers.caller()));
  }

  @Test
  void layersThatShareTheirInputsShareOneHessian() {
    // Given
    HessianCollector collector = new HessianCollector(tensor -> true, TWO);

    // When
    new Decoder(
            checkpoint.config(), checkpoint.tensors(), checkpoint, Kernels.matrix(), TWO, collector)
        .hidden(new int[] {1, 2, 3, 4});

    // Then
    var layer = checkpoint.tensors().layers().get(0);
    var hessians = collector.hessians();
    assertThat(hessians.get(layer.key().name()))
        .isSameAs(hessians.get(layer.query().name()))
        .isSameAs(hessians.get(layer.value().name()))
        .isNotSameAs(hessians.get(layer.output().name()));
    assertThat(hessians.get(layer.up().name())).isSameAs(hessians.get(layer.gate().name()));
    assertThat(hessians.get(layer.query().name()).tokens()).isEqualTo(4);
  }

  private List<String> shards(Workers workers) {
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, workers);
    List<int[]> windows =
        new SampledText(decoder(), checkpoint.config().bosTokenId(), workers)
            .windows(4, 48, 7, t -> {});
    LadderEncoder encoder =
        new LadderEncoder(checkpoint, calibration.encoder(windows, tensor -> true, w -> {}));
    List<String> digests = new ArrayList<>();
    for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
      encoder.encode(LadderSpec.FULL, group, (shard, bytes) -> digests.add(shard.sha256()));
    }
    return digests;
  }

  private Decoder decoder() {
    return new Decoder(
        checkpoint.config(), checkpoint.tensors(), checkpoint, Kernels.matrix(), TWO);
  }
}
