package dev.facet.quantization.adapter.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import dev.facet.quantization.domain.evaluation.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** A tokenizer.json of the Hugging Face Hub. Holds native memory until closed. */
public final class HubTokenizer implements Tokenizer, AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  static {
    NativeCache.prepare();
  }

  private final HuggingFaceTokenizer tokenizer;

  private HubTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * @throws MalformedTokenizer if the file is not a tokenizer
   */
  public static HubTokenizer open(TokenizerFile file) {
    TokenizerRules.require(file);
    try {
      return new HubTokenizer(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.json()), OPTIONS));
    } catch (IOException | RuntimeException e) {
      throw new MalformedTokenizer(file.name(), e.getMessage());
    }
  }

  @Override
  public int[] encode(String text) {
    long[] ids = tokenizer.encode(text, false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
