package dev.facet.quantization.adapter.persistence;

import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.TaskKey;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/** Primary key of a task's row. */
@Embeddable
record TaskId(@Column(name = "import_id") UUID importId, String step, String subject) {
  static TaskId of(UUID importId, TaskKey key) {
    return new TaskId(importId, key.step().label(), key.subject());
  }

  TaskKey key() {
    return new TaskKey(ImportStep.labelled(step), subject);
  }
}
