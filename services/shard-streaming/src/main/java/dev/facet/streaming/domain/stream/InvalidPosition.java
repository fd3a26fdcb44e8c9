package dev.facet.streaming.domain.stream;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A stream was asked for frames by something that names none. */
public final class InvalidPosition extends DomainProblem {
  private static final int SHOWN = 40;

  /**
   * @param expected what the parameter is, for the reader of the problem
   */
  InvalidPosition(String parameter, String expected, String given) {
    super(
        "invalid-position",
        400,
        "No such position",
        "Query parameter %s is %s; got \"%s\"."
            .formatted(
                parameter,
                expected,
                given.length() > SHOWN ? given.substring(0, SHOWN) + "…" : given),
        Map.of("parameter", parameter));
  }
}
