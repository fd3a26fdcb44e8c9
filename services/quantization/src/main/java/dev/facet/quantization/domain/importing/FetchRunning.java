package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** An id under which another source is being fetched or was imported. */
public final class FetchRunning extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public FetchRunning(String model, String existing, String source) {
    super(
        "model-source-differs",
        409,
        "Model id taken",
        "The id %s belongs to %s, not to %s. Import it under another id, or delete the model first."
            .formatted(model, existing, source),
        Map.of("field", "id", "model", model, "existingSource", existing));
  }
}
