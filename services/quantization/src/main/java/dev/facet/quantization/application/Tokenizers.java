package dev.facet.quantization.application;

import dev.facet.quantization.domain.evaluation.Tokenizer;
import java.nio.file.Path;
import java.util.function.Function;

/** Opens tokenizers. Calls block. */
public interface Tokenizers {
  /**
   * Uses a tokenizer and closes it.
   *
   * @param file tokenizer.json
   * @throws dev.facet.kernel.problem.DomainProblem if the file is no tokenizer
   */
  <T> T with(Path file, Function<Tokenizer, T> use);
}
