package dev.facet.quantization.domain.evaluation;

import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs the full-precision model and quantized ones side by side, window by window, so that only one
 * window's logits are in memory.
 */
public final class Evaluator {
  private static final int CHUNK_LOGITS = 1 << 22;

  private final Decoder baseline;
  private final Workers workers;

  public Evaluator(Decoder baseline, Workers workers) {
    this.baseline = baseline;
    this.workers = workers;
  }

  /**
   * @param candidates quantized forms of the model
   * @param progress told the number of windows done
   * @return one evaluation for each candidate
   */
  public List<Evaluation> evaluate(
      List<Decoder> candidates, TextWindows text, IntConsumer progress) {
    List<List<Divergence>> scores = new ArrayList<>();
    candidates.forEach(candidate -> scores.add(new ArrayList<>()));
    for (int w = 0; w < text.windows().size(); w++) {
      int[] window = text.windows().get(w);
      float[] reference = baseline.hidden(window);
      for (int c = 0; c < candidates.size(); c++) {
        float[] hidden = candidates.get(c).hidden(window);
        scores.get(c).addAll(score(window, text.scoring(), reference, candidates.get(c), hidden));
      }
      progress.accept(w + 1);
    }
    return scores.stream().map(score -> Evaluation.of(score.toArray(Divergence[]::new))).toList();
  }

  /**
   * Mean divergence over one window.
   *
   * @param reference what the full-precision model's {@link Decoder#hidden} gives
   * @param hidden the same of the candidate
   */
  public double meanKl(
      int[] window, Scoring scoring, float[] reference, Decoder candidate, float[] hidden) {
    return score(window, scoring, reference, candidate, hidden).stream()
        .mapToDouble(Divergence::kl)
        .average()
        .orElseThrow();
  }

  private List<Divergence> score(
      int[] window, Scoring scoring, float[] reference, Decoder candidate, float[] hidden) {
    int vocabulary = baseline.vocabSize();
    int last = window.length - 1;
    int chunk = Math.max(1, Math.min(window.length, CHUNK_LOGITS / vocabulary));
    float[] expected = new float[chunk * vocabulary];
    float[] actual = new float[chunk * vocabulary];
    List<Divergence> scores = new ArrayList<>();
    for (int from = scoring.firstPosition(window.length); from < last; from += chunk) {
      int first = from;
      int count = Math.min(chunk, last - first);
      baseline.logits(reference, first, count, expected);
      candidate.logits(hidden, first, count, actual);
      Divergence[] found = new Divergence[count];
      workers.forEach(
          count,
          i -> {
            int next = window[first + i + 1];
            found[i] = Divergence.of(expected, actual, i * vocabulary, vocabulary, next);
          });
      scores.addAll(Arrays.asList(found));
    }
    return scores;
  }
}
