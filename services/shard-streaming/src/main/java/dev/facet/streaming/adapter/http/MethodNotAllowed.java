package dev.facet.streaming.adapter.http;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** Blobs can be read, nothing else. */
final class MethodNotAllowed extends DomainProblem {
  MethodNotAllowed(String method) {
    super(
        "method-not-allowed",
        405,
        "Method not allowed",
        "%s is not answered here; GET is.".formatted(method),
        Map.of("method", method));
  }
}
