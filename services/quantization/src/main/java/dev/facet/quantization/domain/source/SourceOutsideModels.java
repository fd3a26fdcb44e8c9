package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A path that leaves the models directory, by its form or through a link. */
public final class SourceOutsideModels extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public SourceOutsideModels(String source) {
    super(
        "source-outside-models",
        422,
        "Source outside the models directory",
        "\"%s\" does not name a folder inside the models directory: absolute paths, empty names, '.', '..' and links that lead out are refused."
            .formatted(source.replace("\0", "\\0")),
        Map.of("field", "source", "source", source.replace("\0", "\\0")));
  }
}
