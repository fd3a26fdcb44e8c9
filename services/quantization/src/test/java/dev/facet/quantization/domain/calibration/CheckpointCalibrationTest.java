package dev.facet.quantization.domain.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.kernel.identity.Digest;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.SharedText;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.GradientPass;
import dev.facet.quantization.domain.transformer.SequenceBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointCalibrationTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  /** SHA-256 of the digests, one a line, of the shards that {@link #shards(Workers)} lists. */
  private static final String SHARDS_DIGEST =
      "7519e74441c992d632dc85c1eefb27eb551b3813d35d0e1e60fa881ffa76d6eb";

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

  /** Written down on JDK 17, so that tests on any other show whether their shards are the same. */
  @Test
  void theSameCheckpointAndTextGiveTheSameShardsOnEveryJdk() {
    String all = String.join("\n", shards(TWO));

    assertThat(Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex()).isEqualTo(SHARDS_DIGEST);
  }

  @Test
  void layersThatShareInputsAndPrecisionShareOneHessian() {
    // Given
    FisherCollector collector = new FisherCollector(tensor -> true, TWO);

    // When
    new GradientPass(decoder(), checkpoint.decoder(), TWO, collector)
        .run(new int[] {1, 2, 3, 4}, new SplittableRandom(5));

    // Then
    var layer = checkpoint.decoder().layers().get(0);
    FisherMoments moments = collector.moments();
    assertThat(moments.tokens()).isEqualTo(4);
    assertThat(moments.hessian(layer.key()))
        .isSameAs(moments.hessian(layer.query()))
        .isNotSameAs(moments.hessian(layer.value()));
    assertThat(moments.hessian(layer.up())).isSameAs(moments.hessian(layer.gate()));
    double shares =
        Arrays.stream(moments.shares(layer.up())).sum()
            + Arrays.stream(moments.shares(layer.gate())).sum();
    assertThat(shares).isCloseTo(1, within(1e-9));
  }

  /** Second order, and each tensor for itself: near for small errors, not exact. */
  @Test
  void theFisherInformationForetellsTheDivergence() {
    // Given
    List<int[]> windows = sampled(24);
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, TWO);
    Calibration seen = calibration.run(windows, tensor -> true, w -> {});
    TensorSpec tensor = checkpoint.decoder().layers().get(1).up();
    float[] weights = checkpoint.read(tensor);
    EmbeddedMatrix coded =
        calibration.encoder(seen).encode(tensor, weights, tensor.rows(), CodeSettings.forAnchor(3));
    float[] decoded = new float[weights.length];
    coded.decode(3, 0, tensor.rows(), decoded, 0);

    // When
    double foretold = seen.divergence(tensor, weights, decoded).orElseThrow();

    // Then
    Decoder changed =
        new Decoder(
            checkpoint.config(),
            checkpoint.decoder(),
            (spec, firstRow, rowCount, target, offset) -> {
              if (spec.equals(tensor)) {
                int from = firstRow * spec.cols();
                System.arraycopy(decoded, from, target, offset, rowCount * spec.cols());
              } else {
                checkpoint.read(spec, firstRow, rowCount, target, offset);
              }
            },
            Kernels.matrix(),
            TWO);
    double measured =
        new Evaluator(decoder(), TWO)
            .evaluate(List.of(() -> changed), new TextWindows(windows, Scoring.ALL), w -> {})
            .get(0)
            .meanKl();
    assertThat(foretold).isBetween(0.6 * measured, 1.6 * measured);
  }

  @Test
  void whatIsSavedCodesToTheSameBytes() throws IOException {
    // Given
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, TWO);
    Calibration seen = calibration.run(sampled(2), tensor -> true, w -> {});
    ByteArrayOutputStream file = new ByteArrayOutputStream();

    // When
    seen.save(file);
    Calibration read = Calibration.load(new ByteArrayInputStream(file.toByteArray()), TWO);

    // Then
    assertThat(shards(calibration.encoder(read))).isEqualTo(shards(calibration.encoder(seen)));
    byte[] damaged = file.toByteArray();
    damaged[damaged.length / 2] ^= 1;
    assertThatThrownBy(() -> Calibration.load(new ByteArrayInputStream(damaged), TWO))
        .isInstanceOf(IOException.class);
  }

  @Test
  void textThatQualityIsMeasuredOnIsLeftOut() {
    // Given
    int[] tokens = new SplittableRandom(1).ints(4 * 512, 2, 500).toArray();
    int[] measured = Arrays.copyOfRange(tokens, 700, 760);

    // When
    List<int[]> windows =
        new CheckpointCalibration(checkpoint, TWO)
            .windows(tokens, new SharedText(List.of(measured)));

    // Then
    assertThat(windows).hasSize(3);
    assertThat(windows.get(1)).startsWith(tokens[2 * 512]);
  }

  private List<int[]> sampled(int count) {
    return new SampledText(decoder(), checkpoint.config().bosTokenId(), TWO)
        .windows(count, 48, 7, t -> {});
  }

  private List<String> shards(Workers workers) {
    CheckpointCalibration calibration = new CheckpointCalibration(checkpoint, workers);
    List<int[]> windows =
        new SampledText(decoder(), checkpoint.config().bosTokenId(), workers)
            .windows(4, 48, 7, t -> {});
    return shards(calibration.encoder(windows, tensor -> true, w -> {}));
  }

  private List<String> shards(MatrixEncoder matrices) {
    LadderEncoder encoder = new LadderEncoder(checkpoint, matrices);
    List<String> digests = new ArrayList<>();
    for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
      encoder.encode(LadderSpec.FULL, group, (shard, bytes) -> digests.add(shard.sha256()));
    }
    return digests;
  }

  private Decoder decoder() {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), checkpoint, Kernels.matrix(), TWO);
  }
}
