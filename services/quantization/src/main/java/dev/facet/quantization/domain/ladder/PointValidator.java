package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Evaluator;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Measures points as they are stored: the weights come back from the shards. */
public final class PointValidator {
  private final Checkpoint checkpoint;
  private final Workers workers;

  public PointValidator(Checkpoint checkpoint, Workers workers) {
    this.checkpoint = checkpoint;
    this.workers = workers;
  }

  /**
   * @param ladders reader of each ladder by its name
   * @param progress told the number of windows done
   * @return one evaluation for each point, in their order
   */
  public List<Evaluation> validate(
      List<Point> points,
      Map<String, LadderReader> ladders,
      TextWindows text,
      IntConsumer progress) {
    List<Supplier<Decoder>> candidates = new ArrayList<>();
    for (Point point : points) {
      WeightSource cut = ladders.get(point.ladder()).cut(point.bits());
      candidates.add(() -> decoder(cut));
    }
    return new Evaluator(decoder(checkpoint), workers).evaluate(candidates, text, progress);
  }

  private Decoder decoder(WeightSource weights) {
    return new Decoder(
        checkpoint.config(), checkpoint.decoder(), weights, Kernels.matrix(), workers);
  }
}
