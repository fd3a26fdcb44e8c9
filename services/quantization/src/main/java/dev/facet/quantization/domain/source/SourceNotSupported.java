package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** A source of a kind that cannot be imported from. */
public final class SourceNotSupported extends DomainProblem {
  private static final long serialVersionUID = 1L;
  private static final List<String> ACCEPTED =
      List.of(
          "folder under the models directory", "hf:org/name@revision", "http(s) URL", "upload:id");

  public SourceNotSupported(String source) {
    super(
        "source-not-supported",
        422,
        "Source not supported",
        "Cannot import from \"%s\": a source is the name of a folder under the models directory, hf:org/name@revision, an http(s) URL or upload:id."
            .formatted(source),
        Map.of("field", "source", "source", source, "accepted", ACCEPTED));
  }
}
