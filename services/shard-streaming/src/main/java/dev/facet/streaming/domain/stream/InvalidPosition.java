package dev.facet.streaming.domain.stream;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A stream was asked to resume after something that is no frame number. */
public final class InvalidPosition extends DomainProblem {
  private static final int SHOWN = 40;

  InvalidPosition(String given) {
    super(
        "invalid-position",
        400,
        "No such position",
        "Query parameter after is the number of the last frame received; got \"%s\"."
            .formatted(given.length() > SHOWN ? given.substring(0, SHOWN) + "…" : given),
        Map.of("parameter", "after"));
  }
}
