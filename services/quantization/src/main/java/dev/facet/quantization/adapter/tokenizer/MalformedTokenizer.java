package dev.facet.quantization.adapter.tokenizer;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A tokenizer.json that the tokenizer library does not accept. */
public final class MalformedTokenizer extends DomainProblem {
  private static final long serialVersionUID = 1L;

  MalformedTokenizer(String file, String reason) {
    super(
        "tokenizer-malformed",
        422,
        "Malformed tokenizer",
        "%s cannot be read as a tokenizer: %s.".formatted(file, reason),
        Map.of("file", file));
  }
}
