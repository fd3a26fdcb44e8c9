package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** An id that another content already has. */
public final class ModelExists extends DomainProblem {
  private static final long serialVersionUID = 1L;

  /**
   * @param existing the model that has the id
   * @param revision revision of the content that was to be imported
   */
  public ModelExists(ImportedModel existing, String revision) {
    super(
        "model-exists",
        409,
        "Model id taken",
        "The id %s belongs to revision %s; the source's content is revision %s. Import it under another id, or delete the model first."
            .formatted(existing.id(), existing.revision(), revision),
        Map.of(
            "field",
            "id",
            "model",
            existing.id().value(),
            "existingRevision",
            existing.revision(),
            "revision",
            revision));
  }
}
