package dev.facet.streaming.application;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** More new bundles are asked for at once than this replica can make. */
public final class Overloaded extends DomainProblem {
  Overloaded() {
    super(
        "overloaded",
        503,
        "Too many new bundles at once",
        "This replica is busy making other bundles; try again in a second.",
        Map.of());
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", "1");
  }
}
