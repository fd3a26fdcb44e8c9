package dev.facet.quantization.domain.evaluation;

import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs the full-precision model and quantized ones side by side, some windows at a time: few enough
 * that a large model's activations take little memory, enough that its weights are not read for
 * each window anew.
 */
public final class Evaluator {
  private static final int CHUNK_LOGITS = 1 << 22;
  private static final int TOKENS_AT_ONCE = 1024;

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
    int done = 0;
    while (done < text.windows().size()) {
      List<int[]> batch = batch(text.windows(), done);
      float[] reference = baseline.hidden(batch);
      for (int c = 0; c < candidates.size(); c++) {
        Decoder candidate = candidates.get(c);
        float[] hidden = candidate.hidden(batch);
        int row = 0;
        for (int[] window : batch) {
          Rows rows = new Rows(reference, hidden, row);
          scores.get(c).addAll(score(window, text.scoring(), candidate, rows));
          row += window.length;
        }
      }
      done += batch.size();
      progress.accept(done);
    }
    return scores.stream().map(score -> Evaluation.of(score.toArray(Divergence[]::new))).toList();
  }

  private static List<int[]> batch(List<int[]> windows, int from) {
    int count = Math.max(1, TOKENS_AT_ONCE / windows.get(from).length);
    return windows.subList(from, Math.min(from + count, windows.size()));
  }

  /**
   * Mean divergence over one window.
   *
   * @param reference what the full-precision model's {@link Decoder#hidden} gives
   * @param hidden the same of the candidate
   */
  public double meanKl(
      int[] window, Scoring scoring, float[] reference, Decoder candidate, float[] hidden) {
    return score(window, scoring, candidate, new Rows(reference, hidden, 0)).stream()
        .mapToDouble(Divergence::kl)
        .average()
        .orElseThrow();
  }

  /**
   * What both models leave of some windows.
   *
   * @param first row of the window that is scored
   */
  private record Rows(float[] reference, float[] hidden, int first) {}

  private List<Divergence> score(int[] window, Scoring scoring, Decoder candidate, Rows rows) {
    int vocabulary = baseline.vocabSize();
    int last = window.length - 1;
    int chunk = Math.max(1, Math.min(window.length, CHUNK_LOGITS / vocabulary));
    float[] expected = new float[chunk * vocabulary];
    float[] actual = new float[chunk * vocabulary];
    List<Divergence> scores = new ArrayList<>();
    for (int from = scoring.firstPosition(window.length); from < last; from += chunk) {
      int first = from;
      int count = Math.min(chunk, last - first);
      baseline.logits(rows.reference(), rows.first() + first, count, expected);
      candidate.logits(rows.hidden(), rows.first() + first, count, actual);
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
