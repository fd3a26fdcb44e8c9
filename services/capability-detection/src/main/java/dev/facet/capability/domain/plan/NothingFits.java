package dev.facet.capability.domain.plan;

import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** No allowed choice fits the device's memory. */
public final class NothingFits extends DomainProblem {
  /** What would fit instead. */
  record Alternative(String point, int contextLength, long totalBytes) {}

  NothingFits(String model, long needed, MemoryBudget budget, Optional<Alternative> wouldFit) {
    super(
        "nothing-fits",
        409,
        "Nothing fits this device's memory",
        detail(model, needed, budget, wouldFit),
        members(budget, wouldFit));
  }

  private static String detail(
      String model, long needed, MemoryBudget budget, Optional<Alternative> wouldFit) {
    String lack =
        "%s would take %s, and %s may be used. %s"
            .formatted(
                model, ByteSize.words(needed), ByteSize.words(budget.bytes()), budget.because());
    return wouldFit
        .map(
            other ->
                lack
                    + " %s with a context of %d tokens would fit in %s."
                        .formatted(
                            other.point(),
                            other.contextLength(),
                            ByteSize.words(other.totalBytes())))
        .orElse(lack + " Choose a smaller model or a device with more memory.");
  }

  private static Map<String, Object> members(MemoryBudget budget, Optional<Alternative> wouldFit) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("budgetBytes", budget.bytes());
    wouldFit.ifPresent(
        other ->
            members.put(
                "wouldFit",
                Map.of(
                    "point", other.point(),
                    "contextLength", other.contextLength(),
                    "totalBytes", other.totalBytes())));
    return members;
  }
}
