package dev.facet.quantization.domain.precision;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A budget below the size of the model at its fewest bits. */
public final class BudgetTooSmall extends DomainProblem {
  private static final long serialVersionUID = 1L;

  BudgetTooSmall(long budget, long least) {
    super(
        "budget-too-small",
        409,
        "Budget too small",
        "The model does not fit %d bytes; the least it takes is %d.".formatted(budget, least),
        Map.of("budget", budget, "least", least));
  }
}
