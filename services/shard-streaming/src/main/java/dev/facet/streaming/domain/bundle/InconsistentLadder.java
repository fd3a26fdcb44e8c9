package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A stored ladder contradicts itself or its point; nothing of it is served. */
public final class InconsistentLadder extends DomainProblem {
  InconsistentLadder(String ladder, String what) {
    super(
        "inconsistent-ladder",
        500,
        "The stored ladder is unusable",
        "Ladder %s %s.".formatted(ladder, what),
        Map.of("ladder", ladder));
  }
}
