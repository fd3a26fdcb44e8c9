package dev.facet.quantization.adapter.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.facet.quantization.domain.evaluation.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
  public static HubTokenizer open(Path file) {
    String name = String.valueOf(file.getFileName());
    try (InputStream json = Files.newInputStream(file)) {
      return new HubTokenizer(HuggingFaceTokenizer.newInstance(json, OPTIONS));
    } catch (IOException | RuntimeException e) {
      throw new MalformedTokenizer(name, e.getMessage());
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
