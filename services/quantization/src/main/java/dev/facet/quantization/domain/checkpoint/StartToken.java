package dev.facet.quantization.domain.checkpoint;

import java.util.Map;
import java.util.Set;

/** The token that an encoder's texts begin with. */
final class StartToken {
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  /** None: the tokenizer adds its own special tokens. */
  static final int NONE = -1;

  private static final Set<String> ADDING =
      Set.of("TemplateProcessing", "BertProcessing", "RobertaProcessing");

  private StartToken() {}

  /**
   * @return {@link #NONE}, or the id of the {@code bos_token} that tokenizer_config.json names
   */
  static int of(SettingsFiles files, int vocabSize) {
    JsonObject tokenizer = files.read(CheckpointFiles.TOKENIZER);
    JsonObject settings = files.read(TOKENIZER_CONFIG);
    if (addsItsOwn(tokenizer) || !settings.has("bos_token")) {
      return NONE;
    }
    String token = settings.string("bos_token");
    return tokenizer.list("added_tokens").stream()
        .filter(entry -> entry instanceof Map<?, ?> map && token.equals(map.get("content")))
        .map(entry -> ((Map<?, ?>) entry).get("id"))
        .filter(id -> id instanceof Long number && number >= 0 && number < vocabSize)
        .map(id -> ((Long) id).intValue())
        .findFirst()
        .orElseThrow(() -> settings.wrong("bos_token", "a token that tokenizer.json adds"));
  }

  private static boolean addsItsOwn(JsonObject tokenizer) {
    if (!tokenizer.has("post_processor")) {
      return false;
    }
    JsonObject processor = tokenizer.object("post_processor");
    boolean template =
        processor.has("special_tokens") && !processor.object("special_tokens").keys().isEmpty();
    String type = processor.string("type", "");
    return ADDING.contains(type) && (template || !type.startsWith("Template"));
  }
}
