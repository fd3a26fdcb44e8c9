package dev.facet.quantization.domain.evaluation;

import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Runs the full-precision model and quantized ones side by side, some windows at a time: few enough
 * that a large model's activations take little memory, enough that its weights are not read for
 * each window anew.
 */
public final class Evaluator {
  private static final int CHUNK_LOGITS = 1 << 22;
  private static final int TOKENS_AT_ONCE = 1024;

  /** What the full-precision model leaves of a stretch of text: 32 MiB. */
  private static final int STRETCH_VALUES = 1 << 23;

  private final Decoder baseline;
  private final Workers workers;

  public Evaluator(Decoder baseline, Workers workers) {
    this.baseline = baseline;
    this.workers = workers;
  }

  /**
   * @param candidates quantized forms of the model; each is made when it is its turn and let go
   *     after it, so that what it keeps of its weights is in memory for one at a time
   * @param progress told the number of windows done
   * @return one evaluation for each candidate
   */
  public List<Evaluation> evaluate(
      List<Supplier<Decoder>> candidates, TextWindows text, IntConsumer progress) {
    List<List<Divergence>> scores = new ArrayList<>();
    candidates.forEach(candidate -> scores.add(new ArrayList<>()));
    int done = 0;
    while (done < text.windows().size()) {
      List<Expected> stretch = stretch(text.windows(), done);
      for (int c = 0; c < candidates.size(); c++) {
        Decoder candidate = candidates.get(c).get();
        for (Expected expected : stretch) {
          scores.get(c).addAll(score(expected, text.scoring(), candidate));
        }
      }
      done += stretch.stream().mapToInt(expected -> expected.windows().size()).sum();
      progress.accept(done);
    }
    return scores.stream().map(score -> Evaluation.of(score.toArray(Divergence[]::new))).toList();
  }

  /** Some windows and what the full-precision model leaves of them. */
  private record Expected(List<int[]> windows, float[] hidden) {}

  /** Windows from one on, as many as all candidates are then measured on in turn. */
  private List<Expected> stretch(List<int[]> windows, int from) {
    List<Expected> stretch = new ArrayList<>();
    long held = 0;
    for (int next = from; next < windows.size() && held < STRETCH_VALUES; ) {
      List<int[]> batch = batch(windows, next);
      float[] hidden = baseline.hidden(batch);
      stretch.add(new Expected(batch, hidden));
      held += hidden.length;
      next += batch.size();
    }
    return stretch;
  }

  private List<Divergence> score(Expected expected, Scoring scoring, Decoder candidate) {
    float[] hidden = candidate.hidden(expected.windows());
    List<Divergence> scores = new ArrayList<>();
    int row = 0;
    for (int[] window : expected.windows()) {
      Rows rows = new Rows(expected.hidden(), hidden, row);
      scores.addAll(score(window, scoring, candidate, rows));
      row += window.length;
    }
    return scores;
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
