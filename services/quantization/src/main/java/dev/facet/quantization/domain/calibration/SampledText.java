package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Exponential;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.SequenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Text that a model writes itself, to calibrate on where no other text is given: windows that begin
 * with BOS, each further token drawn from the model's own distribution. The same model and seed
 * give the same text.
 */
public final class SampledText {
  private final Decoder decoder;
  private final int bosTokenId;
  private final Workers workers;

  public SampledText(Decoder decoder, int bosTokenId, Workers workers) {
    this.decoder = decoder;
    this.bosTokenId = bosTokenId;
    this.workers = workers;
  }

  /**
   * @param context tokens of a window
   * @param progress told the number of tokens of each window that are there
   */
  public List<int[]> windows(int count, int context, long seed, IntConsumer progress) {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<SplittableRandom> random = new ArrayList<>();
    List<int[]> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      random.add(seeds.split());
      windows.add(new int[context]);
    }
    SequenceBatch batch = decoder.batch(count, context);
    int[] tokens = new int[count];
    Arrays.fill(tokens, bosTokenId);
    for (int t = 0; t < context; t++) {
      for (int i = 0; i < count; i++) {
        windows.get(i)[t] = tokens[i];
      }
      if (t + 1 < context) {
        tokens = next(batch.step(tokens), random);
      }
      progress.accept(t + 1);
    }
    return windows;
  }

  private int[] next(float[] hidden, List<SplittableRandom> random) {
    int vocabulary = decoder.vocabSize();
    float[] logits = new float[random.size() * vocabulary];
    decoder.logits(hidden, 0, random.size(), logits);
    int[] tokens = new int[random.size()];
    workers.forEach(
        tokens.length,
        i -> tokens[i] = draw(logits, i * vocabulary, vocabulary, random.get(i).nextDouble()));
    return tokens;
  }

  /**
   * @param place within 0..1 of the cumulative distribution
   */
  private static int draw(float[] logits, int from, int vocabulary, double place) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + vocabulary; i++) {
      largest = Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + vocabulary; i++) {
      logits[i] = Exponential.exp(logits[i] - largest);
      sum += logits[i];
    }
    double left = place * sum;
    for (int i = 0; i < vocabulary - 1; i++) {
      left -= logits[from + i];
      if (left < 0) {
        return i;
      }
    }
    return vocabulary - 1;
  }
}
