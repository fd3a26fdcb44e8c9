package dev.facet.quantization.domain.evaluation;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A text that does not fill one window. */
public final class TextTooShort extends DomainProblem {
  private static final long serialVersionUID = 1L;

  TextTooShort(int tokens, int context) {
    super(
        "text-too-short",
        422,
        "Text too short",
        "The text has %d tokens; a window needs %d.".formatted(tokens, context),
        Map.of("tokens", tokens, "context", context));
  }
}
