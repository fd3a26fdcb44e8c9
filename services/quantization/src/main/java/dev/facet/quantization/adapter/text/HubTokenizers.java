package dev.facet.quantization.adapter.text;

import dev.facet.quantization.adapter.tokenizer.HubTokenizer;
import dev.facet.quantization.application.Tokenizers;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import dev.facet.quantization.domain.evaluation.Tokenizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/** Tokenizers of the Hugging Face Hub. */
@ApplicationScoped
class HubTokenizers implements Tokenizers {
  @Override
  public <T> T with(TokenizerFile file, Function<Tokenizer, T> use) {
    try (HubTokenizer tokenizer = HubTokenizer.open(file)) {
      return use.apply(tokenizer);
    }
  }
}
