package dev.facet.streaming.adapter.http;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A range lies wholly outside the blob. */
final class RangeNotSatisfiable extends DomainProblem {
  RangeNotSatisfiable(long length) {
    super(
        "range-not-satisfiable",
        416,
        "Range not satisfiable",
        "The blob has %d bytes; the range begins after them.".formatted(length),
        Map.of("length", length));
  }
}
