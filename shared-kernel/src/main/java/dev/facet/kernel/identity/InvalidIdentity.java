package dev.facet.kernel.identity;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** An id, digest or name that is not of its form. */
public final class InvalidIdentity extends DomainProblem {
  private static final int SHOWN = 80;

  /**
   * @param kind what was to be named, for example {@code model id}
   * @param value what was given, may be null
   * @param form the form in words
   */
  public InvalidIdentity(String kind, String value, String form) {
    super(
        "invalid-identity",
        400,
        "Malformed " + kind,
        "A %s is %s; got %s.".formatted(kind, form, shown(value)),
        Map.of("kind", kind));
  }

  private static String shown(String value) {
    if (value == null) {
      return "nothing";
    }
    return '"' + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value) + '"';
  }
}
