package dev.facet.quantization.application;

import dev.facet.quantization.config.CalibrationConfig;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.evaluation.Scoring;
import dev.facet.quantization.domain.evaluation.TextWindows;
import dev.facet.quantization.domain.front.FrontPlanner;
import dev.facet.quantization.domain.front.GroupProbe;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.ladder.TensorGroup.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures how much the precision of one layer's groups matters, or that of embedding and head, on
 * a little of the calibration text.
 */
@ApplicationScoped
class Probing implements StepWork {
  /** Subject of the task for embedding and head; the others are names of layers. */
  static final String TABLES = "tables";

  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final CpuPool pool;
  private final CalibrationConfig config;

  Probing(Checkpoints checkpoints, BlobStore blobs, CpuPool pool, CalibrationConfig config) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.pool = pool;
    this.config = config;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.PROBING);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    return Set.of(ImportStep.ROUNDING, ImportStep.OBSERVATION, ImportStep.CALIBRATED_CODING);
  }

  @Override
  public ProbedGroups perform(ImportedModel model, TaskKey task, StepResults earlier) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      List<TensorGroup> groups =
          TensorGroup.of(checkpoint.tensors()).stream()
              .filter(group -> subject(group).equals(task.subject()))
              .toList();
      Kind kind = groups.get(0).kind();
      int layer = kind == Kind.LINEAR ? groups.get(0).layer() : 0;
      return new ProbedGroups(
          new GroupProbe(checkpoint, coded(groups, earlier), text(earlier), pool.workers())
              .measure(layer, groups));
    }
  }

  private static String subject(TensorGroup group) {
    return switch (group.kind()) {
      case LINEAR -> TensorGroup.layerName(group.layer());
      case TABLE -> TABLES;
      case DENSE -> "";
    };
  }

  /** The groups at the fewest bits that cuts read them at. */
  private WeightSource coded(List<TensorGroup> groups, StepResults earlier) {
    Map<String, Integer> depths = new HashMap<>();
    groups.forEach(group -> depths.put(group.id(), FrontPlanner.leastDepth(group)));
    List<EncodedGroup> encoded =
        groups.stream()
            .map(g -> EditionLadders.full(earlier, g, ImportStep.CALIBRATED_CODING).encoded())
            .toList();
    return new LadderReader(encoded, blobs::read).cut(depths);
  }

  private TextWindows text(StepResults earlier) {
    List<int[]> windows =
        earlier.all(ImportStep.OBSERVATION, Observation.class).stream()
            .flatMap(share -> share.windows().stream().limit(config.probeWindows()))
            .limit(config.probeWindows())
            .map(window -> Arrays.copyOf(window, Math.min(window.length, config.probeContext())))
            .toList();
    return new TextWindows(windows, Scoring.ALL);
  }
}
