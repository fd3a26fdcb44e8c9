package dev.facet.quantization.application;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.config.ValidationConfig;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.importing.Edition;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.PointValidator;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Measures points on text that was not calibrated on, reading weights back from the shards. Calls
 * compute for long.
 */
@ApplicationScoped
public class PointMeasurement {
  private static final Logger LOG = Logger.getLogger(PointMeasurement.class);

  private final ImportTexts texts;
  private final CpuPool pool;
  private final ValidationConfig config;

  PointMeasurement(ImportTexts texts, CpuPool pool, ValidationConfig config) {
    this.texts = texts;
    this.pool = pool;
    this.config = config;
  }

  /** Tokens that a point of an edition is measured on. */
  public long tokens(Edition edition) {
    return (long) windows(edition) * config.context();
  }

  private int windows(Edition edition) {
    return edition == Edition.ROUNDED ? config.windows() : config.finalWindows();
  }

  /**
   * The points with their quality; as they came if there is no text, the model is too large or
   * perplexity says nothing of it.
   */
  public List<Point> measure(
      Edition edition,
      ImportedModel model,
      Checkpoint checkpoint,
      List<Point> points,
      Map<String, LadderReader> ladders) {
    if (model.parameters() > config.maxParameters()) {
      LOG.infof("%s is published unmeasured: %d weights", model.id(), model.parameters());
      return points;
    }
    if (!checkpoint.isDecoder()) {
      LOG.infof("%s is published unmeasured: it does not write text from text", model.id());
      return points;
    }
    Optional<TextWindows> windows = windows(edition, model, checkpoint);
    if (windows.isEmpty()) {
      return points;
    }
    List<Evaluation> evaluations =
        new PointValidator(checkpoint, pool.workers())
            .validate(points, ladders, windows.get(), done -> {});
    List<Point> measured = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      measured.add(points.get(i).measured(evaluations.get(i).quality(), null));
    }
    return measured;
  }

  /** What the last edition is measured on; empty if there is no text. */
  public List<int[]> windows(ImportedModel model, Checkpoint checkpoint) {
    return windows(Edition.CALIBRATED, model, checkpoint)
        .map(TextWindows::windows)
        .orElse(List.of());
  }

  private Optional<TextWindows> windows(
      Edition edition, ImportedModel model, Checkpoint checkpoint) {
    int context = context(checkpoint.config());
    int count = windows(edition);
    return texts
        .heldOut(model, checkpoint, context, count)
        .map(tokens -> TextWindows.cut(tokens, context, count, Scoring.ALL));
  }

  private int context(ArchitectureConfig model) {
    return Math.min(config.context(), model.contextLength());
  }
}
