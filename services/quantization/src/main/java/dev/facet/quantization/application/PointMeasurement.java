package dev.facet.quantization.application;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.config.ValidationConfig;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import dev.facet.quantization.domain.evaluation.Evaluation;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextTooShort;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TokenizerMismatch;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.PointValidator;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Measures points on held-out text, reading weights back from the shards. Calls compute for long.
 */
@ApplicationScoped
public class PointMeasurement {
  private static final Logger LOG = Logger.getLogger(PointMeasurement.class);

  private final HeldOutText texts;
  private final Tokenizers tokenizers;
  private final CpuPool pool;
  private final ValidationConfig config;

  PointMeasurement(
      HeldOutText texts, Tokenizers tokenizers, CpuPool pool, ValidationConfig config) {
    this.texts = texts;
    this.tokenizers = tokenizers;
    this.pool = pool;
    this.config = config;
  }

  /**
   * Cuts a text in the windows that points are measured on.
   *
   * @throws TextTooShort if the text does not fill one
   * @throws TokenizerMismatch if the tokenizer makes ids beyond the vocabulary
   */
  public TextWindows windows(TokenizerFile tokenizer, ArchitectureConfig model, String text) {
    int[] tokens = tokenizers.with(tokenizer, t -> t.stream(text, model.bosTokenId()));
    for (int token : tokens) {
      if (token >= model.vocabSize()) {
        throw new TokenizerMismatch(token, model.vocabSize());
      }
    }
    int context = Math.min(config.context(), model.contextLength());
    return TextWindows.cut(tokens, context, config.windows(), Scoring.ALL);
  }

  /** The points with their quality; as they came if there is no text or the model is too large. */
  public List<Point> measure(
      ImportedModel model,
      Checkpoint checkpoint,
      List<Point> points,
      Map<String, LadderReader> ladders) {
    if (model.parameters() > config.maxParameters()) {
      LOG.infof("%s is published unmeasured: %d weights", model.id(), model.parameters());
      return points;
    }
    Optional<TextWindows> windows =
        texts.of(model).flatMap(text -> windows(model, checkpoint, text));
    if (windows.isEmpty()) {
      return points;
    }
    List<Evaluation> evaluations =
        new PointValidator(checkpoint, pool.workers())
            .validate(points, ladders, windows.get(), done -> {});
    List<Point> measured = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      measured.add(withQuality(points.get(i), evaluations.get(i)));
    }
    return measured;
  }

  private Optional<TextWindows> windows(ImportedModel model, Checkpoint checkpoint, String text) {
    try {
      return Optional.of(windows(checkpoint.tokenizer(), checkpoint.config(), text));
    } catch (TextTooShort e) {
      LOG.warnf("%s is published unmeasured: %s", model.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private static Point withQuality(Point point, Evaluation evaluation) {
    return new Point(
        point.id(),
        point.ladder(),
        point.bodyBits(),
        point.bitsPerWeight(),
        point.bytes(),
        evaluation.quality(),
        point.bits());
  }
}
