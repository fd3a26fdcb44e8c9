package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.config.CalibrationConfig;
import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.calibration.CalibrationMemory;
import dev.facet.quantization.domain.calibration.CheckpointCalibration;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.evaluation.SharedText;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Observes what the matrices are given, and how much their outputs matter, on one share of the
 * calibration text: of the text given with the import, else of one that the model writes. A run
 * watches as many groups as memory allows; the model runs again for those that are left.
 */
@ApplicationScoped
class Observing implements StepWork {
  private final Checkpoints checkpoints;
  private final PointMeasurement measurement;
  private final ImportTexts texts;
  private final StoredCalibration stored;
  private final CpuPool pool;
  private final CalibrationConfig config;
  private final CalibrationMemory memory = CalibrationMemory.ofThisProcess();

  Observing(
      Checkpoints checkpoints,
      PointMeasurement measurement,
      ImportTexts texts,
      StoredCalibration stored,
      CpuPool pool,
      CalibrationConfig config) {
    this.checkpoints = checkpoints;
    this.measurement = measurement;
    this.texts = texts;
    this.stored = stored;
    this.pool = pool;
    this.config = config;
  }

  @Override
  public Set<ImportStep> steps() {
    return Set.of(ImportStep.OBSERVATION);
  }

  @Override
  public Set<ImportStep> reads(ImportStep step) {
    return Set.of();
  }

  @Override
  public Observation perform(ImportedModel model, TaskKey task, StepResults earlier) {
    try (Checkpoint checkpoint = checkpoints.open(model)) {
      CheckpointCalibration calibration =
          new CheckpointCalibration(checkpoint, config.windows(), config.context(), pool.workers());
      List<int[]> windows =
          windows(model, checkpoint, calibration, Integer.parseInt(task.subject()));
      Map<String, BlobRef> seen = new HashMap<>();
      for (List<TensorGroup> groups : memory.runs(TensorGroup.of(checkpoint.tensors()))) {
        Set<TensorSpec> watched = new HashSet<>();
        groups.forEach(group -> watched.addAll(group.tensors()));
        Calibration run = calibration.run(windows, watched::contains, done -> {});
        groups.forEach(
            group -> seen.put(group.id(), stored.put(model.importId(), run.of(group.tensors()))));
      }
      return new Observation(seen);
    }
  }

  private List<int[]> windows(
      ImportedModel model, Checkpoint checkpoint, CheckpointCalibration calibration, int share) {
    List<int[]> given =
        texts
            .calibration(model, checkpoint)
            .map(tokens -> calibration.windows(tokens, measured(model, checkpoint)))
            .orElse(List.of());
    return given.size() < ImportLayout.SHARES
        ? calibration.sampledShare(share, ImportLayout.SHARES)
        : share(given, share);
  }

  private SharedText measured(ImportedModel model, Checkpoint checkpoint) {
    return new SharedText(measurement.windows(model, checkpoint));
  }

  /** Every so manieth window, so that all shares see all parts of the text. */
  private static List<int[]> share(List<int[]> windows, int share) {
    List<int[]> some = new ArrayList<>();
    for (int i = share; i < windows.size(); i += ImportLayout.SHARES) {
      some.add(windows.get(i));
    }
    return some;
  }
}
