package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import java.util.List;

/**
 * A checked import, not yet stored.
 *
 * @param tasks one for each ladder and tensor group, the completion last
 */
record PreparedImport(ImportedModel model, List<ImportTask> tasks) {
  PreparedImport {
    tasks = List.copyOf(tasks);
  }

  /** Tasks that workers may take up at once. */
  List<ImportTask> offered() {
    return tasks.stream().filter(task -> !task.key().isCompletion()).toList();
  }
}
