package dev.facet.capability.application;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** Nothing can be planned before the first kernel set was published. */
public final class KernelsNotPublished extends DomainProblem {
  KernelsNotPublished() {
    super(
        "kernels-not-published",
        503,
        "No kernels are published yet",
        "shard-streaming has not yet told which kernels it serves; try again in a few seconds.",
        Map.of());
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", "5");
  }
}
