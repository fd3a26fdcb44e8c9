package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** Something was asked of a model that only a published one has. */
public final class ModelNotPublished extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public ModelNotPublished(ImportedModel model) {
    super(
        "model-not-published",
        409,
        "Model not published",
        "The model %s is %s; a report exists once it is published."
            .formatted(model.id(), model.course().state().label()),
        Map.of("model", model.id().value(), "state", model.course().state().label()));
  }
}
