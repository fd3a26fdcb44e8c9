package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.TaskKey;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stored tasks. Every call belongs in an open transaction. */
public interface TaskRepository {
  Uni<Void> addAll(List<ImportTask> tasks);

  /** The task, or null. */
  Uni<ImportTask> find(UUID importId, TaskKey key);

  /**
   * Stores a step if the stored task still has the state and attempt it was taken from.
   *
   * @return whether it did
   */
  Uni<Boolean> replace(ImportTask before, ImportTask after);

  /** The same for the step that ends a task, with what it has brought. */
  Uni<Boolean> finish(ImportTask before, ImportTask after, Object result);

  /** Results of all ended tasks of some steps, each of its step's {@link StepResults#type}. */
  Uni<Map<TaskKey, Object>> results(UUID importId, Set<ImportStep> steps);

  /**
   * Opens the blocked tasks of the next step if all tasks opened before are done. Callers hold the
   * lock on the model's row.
   *
   * @return the tasks opened
   */
  Uni<List<ImportTask>> openNext(UUID importId, Instant now);

  /** Removes all tasks of an import. */
  Uni<Void> removeAll(UUID importId);

  /**
   * Tasks of running imports that nobody holds now, locked; those another replica has locked are
   * left out. Those that a first edition waits for come before others, and the costliest of those
   * that were offered together first.
   *
   * @param importId of one import; of any if empty
   */
  Uni<List<ImportTask>> lockIdle(Optional<UUID> importId, Instant now, int limit);

  /** Whether some worker holds a task. */
  Uni<Boolean> anyHeld(Instant now);
}
