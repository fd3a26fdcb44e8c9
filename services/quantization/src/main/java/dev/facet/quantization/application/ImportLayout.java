package dev.facet.quantization.application;

import dev.facet.quantization.config.CalibrationConfig;
import dev.facet.quantization.domain.calibration.CalibrationMemory;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.importing.Edition;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.ladder.TensorGroup.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All tasks of an import with their costs. Costs are estimates in milliseconds of one core; only
 * their proportions matter, for telling how far an import is.
 */
@ApplicationScoped
public class ImportLayout {
  /** Shares that the calibration text is cut in. Digests depend on it. */
  public static final int SHARES = 4;

  private static final double ROUNDING = 1e-4;
  private static final double FEEDBACK = 4e-4;
  private static final double OBSERVATION = 3e-7;
  private static final double FORWARD = 4e-8;
  private static final int POINTS_OF_A_LADDER = 4;

  private final CalibrationConfig calibration;
  private final PointMeasurement measurement;

  ImportLayout(CalibrationConfig calibration, PointMeasurement measurement) {
    this.calibration = calibration;
    this.measurement = measurement;
  }

  /** Cost of each task, in the order of the steps. */
  Map<TaskKey, Long> tasks(Checkpoint checkpoint) {
    Map<TaskKey, Long> tasks = new LinkedHashMap<>();
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    for (LadderSpec ladder : LadderSpec.ROUNDED) {
      for (TensorGroup group : groups) {
        tasks.put(
            TaskKey.coding(ImportStep.ROUNDING, ladder.name(), group.id()),
            cost(group.weights() * ROUNDING));
      }
    }
    long weights = checkpoint.parameters();
    tasks.put(
        TaskKey.of(ImportStep.FIRST_EDITION),
        cost(POINTS_OF_A_LADDER * measurement.tokens(Edition.ROUNDED) * FORWARD * weights));
    if (checkpoint.isDecoder() && calibrated(groups, weights)) {
      addCalibration(tasks, checkpoint, groups);
    }
    return tasks;
  }

  private boolean calibrated(List<TensorGroup> groups, long weights) {
    return calibration.enabled()
        && weights <= calibration.maxParameters()
        && CalibrationMemory.ofThisProcess().suffices(groups);
  }

  private void addCalibration(
      Map<TaskKey, Long> tasks, Checkpoint checkpoint, List<TensorGroup> groups) {
    long weights = checkpoint.parameters();
    double observation =
        OBSERVATION * weights * calibration.windows() * calibration.context() / SHARES;
    for (int share = 0; share < SHARES; share++) {
      tasks.put(new TaskKey(ImportStep.OBSERVATION, "" + share), cost(observation));
    }
    List<TensorGroup> coded = groups.stream().filter(g -> g.kind() != Kind.DENSE).toList();
    addCoding(tasks, ImportStep.CALIBRATED_CODING, LadderSpec.FULL.name(), coded);
    double forward = FORWARD * weights;
    tasks.put(TaskKey.of(ImportStep.PLANNING), 1L);
    addCoding(tasks, ImportStep.COMPACT_CODING, LadderSpec.COMPACT, coded);
    for (String ladder :
        List.of(LadderSpec.FULL.name(), LadderSpec.COMPACT, LadderSpec.REFERENCE.name())) {
      tasks.put(
          new TaskKey(ImportStep.MEASUREMENT, ladder),
          cost(POINTS_OF_A_LADDER * measurement.tokens(Edition.CALIBRATED) * forward));
    }
    tasks.put(TaskKey.of(ImportStep.FINAL_EDITION), 1L);
  }

  private static void addCoding(
      Map<TaskKey, Long> tasks, ImportStep step, String ladder, List<TensorGroup> groups) {
    for (TensorGroup group : groups) {
      tasks.put(TaskKey.coding(step, ladder, group.id()), cost(group.weights() * FEEDBACK));
    }
  }

  private static long cost(double milliseconds) {
    return Math.max(1, Math.round(milliseconds));
  }
}
