package dev.facet.kernel.problem;

import java.util.Map;

/** Something was asked for by a well-formed name that names nothing here. */
public final class NotFound extends DomainProblem {
  /**
   * @param kind what was asked for, for example {@code model}
   * @param name the name given
   */
  public NotFound(String kind, String name) {
    super(
        "not-found",
        404,
        "No such " + kind,
        "There is no %s named %s.".formatted(kind, name),
        Map.of("kind", kind, "name", name));
  }
}
