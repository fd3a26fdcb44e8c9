package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** A source of a kind that cannot be imported from. */
public final class SourceNotSupported extends DomainProblem {
  private static final long serialVersionUID = 1L;
  private static final List<String> ACCEPTED = List.of("folder under the models directory");

  public SourceNotSupported(String source) {
    super(
        "source-not-supported",
        422,
        "Source not supported",
        "Cannot import from \"%s\": a source is the name of a folder under the models directory."
            .formatted(source),
        Map.of("field", "source", "source", source, "accepted", ACCEPTED));
  }
}
