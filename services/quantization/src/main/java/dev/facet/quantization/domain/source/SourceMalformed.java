package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A source that is not of the form its scheme asks for. */
public final class SourceMalformed extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public SourceMalformed(String source, String rule) {
    super(
        "source-malformed",
        422,
        "Malformed source",
        "Cannot import from \"%s\": %s.".formatted(source, rule),
        Map.of("field", "source", "source", source));
  }
}
