package dev.facet.capability.domain.plan;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** The client cannot keep keys and values in codes on the backend that was chosen. */
public final class CacheUnavailable extends DomainProblem {
  CacheUnavailable(CachePrecision asked) {
    super(
        "cache-unavailable",
        409,
        "This client cannot keep such a cache",
        "Keys and values were asked for as %s; on this backend this client keeps those of this model as 32-bit floats only. Leave 'kv' out of the pin, or update the client."
            .formatted(asked),
        Map.of("available", List.of(CachePrecision.FLOAT32.toString())));
  }
}
