package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskState;
import java.util.List;

/**
 * A checked import, not yet stored.
 *
 * @param tasks of all steps; those of the first may be worked on at once
 */
record PreparedImport(ImportedModel model, List<ImportTask> tasks) {
  PreparedImport {
    tasks = List.copyOf(tasks);
  }

  /** Tasks that workers may take up at once. */
  List<ImportTask> offered() {
    return tasks.stream().filter(task -> task.state() == TaskState.OFFERED).toList();
  }
}
