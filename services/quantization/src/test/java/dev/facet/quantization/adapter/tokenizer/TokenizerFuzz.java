package dev.facet.quantization.adapter.tokenizer;

import dev.facet.quantization.domain.checkpoint.TokenizerFile;

/** Any bytes as tokenizer.json: a problem or a tokenizer that encodes, nothing else. */
public final class TokenizerFuzz {
  private static final String TEXT = "a b\n12 \u00e9\u6570\ud83d\ude42 <s> don't";

  private TokenizerFuzz() {}

  public static void fuzzerTestOneInput(byte[] json) {
    try (HubTokenizer tokenizer = HubTokenizer.open(new TokenizerFile("tokenizer.json", json))) {
      for (int id : tokenizer.encode(TEXT)) {
        if (id < 0) {
          throw new AssertionError("a negative token id");
        }
      }
    } catch (MalformedTokenizer refused) {
      if (refused.getMessage().isBlank()) {
        throw new AssertionError("a problem that says nothing", refused);
      }
    }
  }
}
