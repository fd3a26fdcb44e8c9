package dev.facet.capability.domain.plan;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** The model has no point of the precision asked for. */
public final class PrecisionUnavailable extends DomainProblem {
  /**
   * @param available nominal bits that the model does have
   */
  PrecisionUnavailable(String model, String bits, List<String> available) {
    super(
        "precision-unavailable",
        422,
        "No such precision",
        "%s is not stored at %s bits; it is at %s."
            .formatted(model, bits, String.join(", ", available)),
        Map.of("available", available));
  }
}
