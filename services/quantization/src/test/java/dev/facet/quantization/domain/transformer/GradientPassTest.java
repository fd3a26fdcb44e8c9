package dev.facet.quantization.domain.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients against differences of losses. */
class GradientPassTest {
  private static final Workers TWO = new Workers(ForkJoinPool.commonPool(), 2);

  /** Without the padding token, whose embedding is 0 and from there slopes are endless. */
  private static final int[] WINDOW = {0, 5, 9, 2, 7, 3, 11, 4};

  /** A place of 0 draws token 0 everywhere. */
  private static final int DRAWN = 0;

  private static final float STEP = 2e-3f;

  private Checkpoint checkpoint;
  private ArchitectureConfig config;

  private void open(String family) {
    checkpoint =
        Checkpoint.open(Path.of("src/test/resources/conformance", family), new JacksonJsonSource());
    config = checkpoint.config();
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3", "gemma3", "phi3"})
  void gradientsAreTheSlopesOfTheLoss(String family) {
    open(family);

    requireSlopes();
  }

  @Test
  void gradientsGoThroughNarrowWindowsAndBoundedScoresAndLogits() {
    open("gemma3");
    DecoderTraits traits = config.traits();
    config =
        with(
            new DecoderTraits(
                traits.activation(),
                traits.biases(),
                traits.qkNorm(),
                traits.postNorms(),
                List.of(3, 0),
                10_000.0,
                null,
                2.0,
                4.0));

    requireSlopes();
  }

  private ArchitectureConfig with(DecoderTraits traits) {
    return new ArchitectureConfig(
        config.architecture(),
        config.hiddenSize(),
        config.layers(),
        config.heads(),
        config.kvHeads(),
        config.headDim(),
        config.intermediateSize(),
        config.vocabSize(),
        config.contextLength(),
        config.ropeTheta(),
        config.ropeScaling(),
        config.rmsNormEps(),
        config.tiedEmbeddings(),
        config.bosTokenId(),
        config.eosTokenIds(),
        traits,
        null,
        null);
  }

  private void requireSlopes() {
    // Given
    Slopes slopes = new Slopes();

    // When
    pass(slopes).run(WINDOW, new double[WINDOW.length]);

    // Then
    assertThat(slopes.byTensor).hasSize(2 * 7 + 1);
    if (config.tiedEmbeddings()) {
      // As a head it moves the loss too, and of that the head's observer is told another measure.
      slopes.byTensor.remove(checkpoint.decoder().embedding());
    }
    slopes.byTensor.forEach(
        (tensor, slope) -> {
          double difference = loss(tensor, STEP) - loss(tensor, -STEP);
          assertThat(slope)
              .as(tensor.name())
              .isCloseTo(difference / (2 * STEP), within(0.02 * Math.abs(slope) + 0.02));
        });
  }

  @Test
  void theHeadsDoubtIsTheExpectedSquaredGradient() {
    // Given
    open("llama");
    SplittableRandom random = new SplittableRandom(3);
    double[] sums = new double[2];
    Slopes doubts =
        new Slopes() {
          @Override
          public void head(
              TensorSpec tensor, float[] inputs, float[] doubt, double[] shares, int count) {
            for (float value : doubt) {
              sums[0] += value;
            }
            for (double share : shares) {
              sums[1] += share;
            }
          }
        };

    // When
    for (int i = 0; i < 200; i++) {
      pass(doubts).run(WINDOW, random.split());
    }

    // Then
    assertThat(sums[1]).isCloseTo(sums[0], within(0.03 * sums[0]));
  }

  private GradientPass pass(GradientObserver observer) {
    return new GradientPass(decoder(checkpoint), checkpoint.decoder(), TWO, observer);
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(config, checkpoint.decoder(), weights, Kernels.matrix(), TWO);
  }

  /** Of token 0 after every token, with one tensor moved along its direction. */
  private double loss(TensorSpec moved, float step) {
    Decoder decoder =
        decoder(
            (tensor, firstRow, rowCount, target, offset) -> {
              checkpoint.read(tensor, firstRow, rowCount, target, offset);
              if (tensor.name().equals(moved.name())) {
                for (int i = 0; i < rowCount * tensor.cols(); i++) {
                  target[offset + i] += step * direction(tensor, firstRow * tensor.cols() + i);
                }
              }
            });
    float[] logits = new float[WINDOW.length * decoder.vocabSize()];
    decoder.logits(decoder.hidden(WINDOW), 0, WINDOW.length, logits);
    double loss = 0;
    for (int from = 0; from < logits.length; from += decoder.vocabSize()) {
      double sum = 0;
      for (int v = 0; v < decoder.vocabSize(); v++) {
        sum += Math.exp(logits[from + v]);
      }
      loss += Math.log(sum) - logits[from + DRAWN];
    }
    return loss;
  }

  private static float direction(TensorSpec tensor, int index) {
    return (float) Math.sin(1 + index * 0.7 + tensor.name().hashCode() % 100) * 0.1f;
  }

  /** Slopes of the loss along each tensor's direction. */
  private static class Slopes implements GradientObserver {
    final Map<TensorSpec, Double> byTensor = new HashMap<>();

    @Override
    public void linear(
        List<TensorSpec> tensors, float[] inputs, List<float[]> gradients, int count) {
      for (int i = 0; i < tensors.size(); i++) {
        byTensor.put(tensors.get(i), slope(tensors.get(i), inputs, gradients.get(i), count));
      }
    }

    private static double slope(TensorSpec tensor, float[] inputs, float[] gradient, int count) {
      double slope = 0;
      for (int t = 0; t < count; t++) {
        for (int row = 0; row < tensor.rows(); row++) {
          for (int col = 0; col < tensor.cols(); col++) {
            slope +=
                (double) gradient[t * tensor.rows() + row]
                    * direction(tensor, row * tensor.cols() + col)
                    * inputs[t * tensor.cols() + col];
          }
        }
      }
      return slope;
    }

    @Override
    public void head(
        TensorSpec tensor, float[] inputs, float[] doubt, double[] shares, int count) {}

    @Override
    public void embedding(TensorSpec tensor, int[] tokens, float[] gradients) {
      double slope = 0;
      for (int t = 0; t < tokens.length; t++) {
        for (int col = 0; col < tensor.cols(); col++) {
          slope +=
              (double) gradients[t * tensor.cols() + col]
                  * direction(tensor, tokens[t] * tensor.cols() + col);
        }
      }
      byTensor.put(tensor, slope);
    }
  }
}
