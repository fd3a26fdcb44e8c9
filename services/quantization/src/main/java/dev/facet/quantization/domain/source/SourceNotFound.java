package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A well-formed source that names no folder. */
public final class SourceNotFound extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public SourceNotFound(CheckpointSource source) {
    super(
        "source-not-found",
        422,
        "Source not found",
        source instanceof FolderSource
            ? "There is no folder \"%s\" in the models directory.".formatted(source)
            : "There are no files of %s.".formatted(source),
        Map.of("field", "source", "source", source.toString()));
  }
}
