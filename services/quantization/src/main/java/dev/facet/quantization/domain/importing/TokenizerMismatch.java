package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A tokenizer that makes ids the model has no embedding for. */
public final class TokenizerMismatch extends DomainProblem {
  private static final long serialVersionUID = 1L;

  public TokenizerMismatch(int token, int vocabSize) {
    super(
        "tokenizer-mismatch",
        422,
        "Tokenizer does not fit the model",
        "tokenizer.json makes token %d; config.json has a vocabulary of %d."
            .formatted(token, vocabSize),
        Map.of("file", "tokenizer.json", "token", token, "vocabSize", vocabSize));
  }
}
