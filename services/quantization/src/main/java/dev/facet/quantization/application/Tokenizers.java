package dev.facet.quantization.application;

import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import dev.facet.quantization.domain.evaluation.Tokenizer;
import java.util.function.Function;

/** Opens tokenizers. Calls block. */
public interface Tokenizers {
  /**
   * Uses a tokenizer and closes it.
   *
   * @throws dev.facet.kernel.problem.DomainProblem if the file is no tokenizer
   */
  <T> T with(TokenizerFile file, Function<Tokenizer, T> use);
}
