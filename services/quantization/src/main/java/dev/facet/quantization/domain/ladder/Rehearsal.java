package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Codes and measures a small decoder of made-up weights. A JVM runs vector kernels a hundred times
 * slower until it has compiled them; after a rehearsal no import waits for that.
 */
public final class Rehearsal {
  private static final ArchitectureConfig SHAPE =
      new ArchitectureConfig(
          "llama", 512, 2, 8, 4, 64, 1024, 4096, 256, 1e4, null, 1e-5, true, 0, List.of());

  private static final int WINDOWS = 2;
  private static final int ANCHOR = 4;
  private static final double WEIGHT = 0.08;

  private final DecoderTensors tensors = DecoderTensors.of(SHAPE);
  private final Workers workers;

  public Rehearsal(Workers workers) {
    this.workers = workers;
  }

  /** What coding costs the made-up decoder. */
  public Evaluation run() {
    EmbeddedEncoder encoder = new EmbeddedEncoder(Kernels.quantization(), workers);
    Map<TensorSpec, EmbeddedMatrix> coded = new ConcurrentHashMap<>();
    WeightSource made = Rehearsal::make;
    WeightSource decoded =
        (tensor, first, count, target, offset) -> {
          if (tensor.rows() == 1) {
            made.read(tensor, first, count, target, offset);
          } else {
            coded
                .computeIfAbsent(tensor, spec -> encode(encoder, spec, made))
                .decode(ANCHOR, first, count, target, offset);
          }
        };
    return new Evaluator(decoder(made), workers)
        .evaluate(List.of(() -> decoder(decoded)), text(), done -> {})
        .get(0);
  }

  private static EmbeddedMatrix encode(
      EmbeddedEncoder encoder, TensorSpec tensor, WeightSource weights) {
    CodeSettings settings = CodeSettings.forAnchor(ANCHOR);
    return encoder.encode(weights.read(tensor), tensor.rows(), tensor.cols(), settings);
  }

  /** Gains of norms are 1; rows of matrices are noise that depends on name and row alone. */
  private static void make(
      TensorSpec tensor, int firstRow, int rowCount, float[] target, int offset) {
    if (tensor.rows() == 1) {
      Arrays.fill(target, offset, offset + tensor.cols(), 1);
      return;
    }
    for (int row = 0; row < rowCount; row++) {
      SplittableRandom random =
          new SplittableRandom((long) tensor.name().hashCode() << 32 | firstRow + row);
      for (int col = 0; col < tensor.cols(); col++) {
        target[offset + row * tensor.cols() + col] = (float) random.nextDouble(-WEIGHT, WEIGHT);
      }
    }
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(SHAPE, tensors, weights, Kernels.matrix(), workers);
  }

  private static TextWindows text() {
    SplittableRandom random = new SplittableRandom(1);
    List<int[]> windows =
        IntStream.range(0, WINDOWS)
            .mapToObj(w -> random.ints(SHAPE.contextLength(), 0, SHAPE.vocabSize()).toArray())
            .toList();
    return new TextWindows(windows, Scoring.ALL);
  }
}
