package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A checkpoint whose content is no longer what the import began with. */
public final class CheckpointChanged extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public CheckpointChanged(ImportedModel model, String found) {
    super(
        "checkpoint-changed",
        422,
        "Checkpoint changed",
        "The folder \"%s\" held revision %s when the import began and now holds %s. Import it again once it stays as it is."
            .formatted(model.source(), model.revision(), found),
        Map.of("source", model.source(), "expected", model.revision(), "found", found));
  }
}
