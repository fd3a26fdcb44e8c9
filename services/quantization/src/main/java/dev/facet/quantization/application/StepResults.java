package dev.facet.quantization.application;

import dev.facet.quantization.domain.front.FrontPlan;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TaskKey;
import java.util.Collection;
import java.util.Map;

/** What the tasks of earlier steps have brought. */
public final class StepResults {
  private final Map<TaskKey, Object> results;

  /**
   * @param results by task, each of its step's type
   */
  public StepResults(Map<TaskKey, Object> results) {
    this.results = Map.copyOf(results);
  }

  /** What the tasks of a step bring. */
  public static Class<?> type(ImportStep step) {
    return switch (step) {
      case ROUNDING, CALIBRATED_CODING, COMPACT_CODING -> GroupResult.class;
      case OBSERVATION -> Observation.class;
      case PLANNING -> FrontPlan.class;
      case MEASUREMENT -> MeasuredPoints.class;
      case FIRST_EDITION, FINAL_EDITION -> Publication.class;
    };
  }

  /**
   * The result of one task.
   *
   * @throws IllegalArgumentException if there is none
   */
  public <R> R of(TaskKey task, Class<R> type) {
    Object result = results.get(task);
    if (result == null) {
      throw new IllegalArgumentException(task + " has brought nothing");
    }
    return type.cast(result);
  }

  /** The results of a step, in the order of its tasks' subjects. */
  public <R> Collection<R> all(ImportStep step, Class<R> type) {
    return results.entrySet().stream()
        .filter(entry -> entry.getKey().step() == step)
        .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparing(TaskKey::subject)))
        .map(entry -> type.cast(entry.getValue()))
        .toList();
  }
}
