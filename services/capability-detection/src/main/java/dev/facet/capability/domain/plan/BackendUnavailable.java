package dev.facet.capability.domain.plan;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** The device cannot run the backend that was asked for, or none at all. */
public final class BackendUnavailable extends DomainProblem {
  /**
   * @param why what is missing
   * @param available backends that the device can run
   */
  BackendUnavailable(String why, List<String> available) {
    super(
        "backend-unavailable",
        409,
        "This device cannot run that backend",
        why,
        Map.of("available", available));
  }
}
