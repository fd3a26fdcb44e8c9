package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.domain.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens of a GGUF file, each by its id, with what kind it is. */
final class GgufVocabulary {
  static final String MODEL = "tokenizer.ggml.model";
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";

  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int LAST_TYPE = 6;

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final long[] types;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  private GgufVocabulary(GgufMetadata metadata) {
    this.metadata = metadata;
    this.tokens = metadata.strings(TOKENS);
    this.types = types();
    for (int id = 0; id < tokens.size(); id++) {
      Integer before = ids.put(tokens.get(id), id);
      if (before != null) {
        throw metadata.wrong(TOKENS, "gives %d and %d the same text".formatted(before, id));
      }
    }
  }

  /**
   * @throws dev.facet.quantization.domain.gguf.GgufProblem if tokens are missing or not distinct
   */
  static GgufVocabulary of(GgufMetadata metadata) {
    return new GgufVocabulary(metadata);
  }

  private long[] types() {
    if (!metadata.has(TYPES)) {
      long[] normal = new long[tokens.size()];
      Arrays.fill(normal, NORMAL);
      return normal;
    }
    long[] found = metadata.integers(TYPES);
    boolean known = Arrays.stream(found).allMatch(type -> type >= 0 && type <= LAST_TYPE);
    if (found.length != tokens.size() || !known) {
      throw metadata.wrong(
          TYPES, "must give each of the %d tokens a type from 0 to 6".formatted(tokens.size()));
    }
    return found;
  }

  /**
   * The same tokenizer as the Hub writes it.
   *
   * @return what tokenizer.json holds, as plain values
   * @throws dev.facet.quantization.domain.gguf.GgufProblem for a kind that is not known
   */
  Map<String, Object> tokenizer() {
    String model = metadata.string(MODEL);
    return switch (model) {
      case "gpt2" -> new ByteLevelTokenizer(metadata, this).json();
      case "llama" -> new ScoredTokenizer(metadata, this).json();
      default -> throw metadata.wrong(MODEL, "is %s; gpt2 and llama are read".formatted(model));
    };
  }

  Map<String, Integer> ids() {
    return ids;
  }

  String token(int id) {
    return tokens.get(id);
  }

  int size() {
    return tokens.size();
  }

  boolean isNormal(int id) {
    return types[id] == NORMAL;
  }

  /** Id of the token that stands for what no other does; -1 for none. */
  int unknown() {
    String key = "tokenizer.ggml.unknown_token_id";
    if (metadata.has(key)) {
      int id = metadata.integer(key, 0);
      if (id >= size()) {
        throw metadata.wrong(key, "is %d, beyond the %d tokens".formatted(id, size()));
      }
      return id;
    }
    for (int id = 0; id < types.length; id++) {
      if (types[id] == UNKNOWN) {
        return id;
      }
    }
    return -1;
  }

  /** Tokens that are found in a text before it is split. */
  List<Map<String, Object>> added() {
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < types.length; id++) {
      boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
      if (special || types[id] == USER_DEFINED) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", (long) id);
        token.put("content", tokens.get(id));
        for (String no : List.of("single_word", "lstrip", "rstrip", "normalized")) {
          token.put(no, false);
        }
        token.put("special", special);
        added.add(token);
      }
    }
    return added;
  }

  /** A tokenizer.json without post-processing: the begin token is the model's business. */
  Map<String, Object> document(
      Object normalizer, Object preTokenizer, Object decoder, Map<String, Object> model) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("version", "1.0");
    document.put("truncation", null);
    document.put("padding", null);
    document.put("added_tokens", added());
    document.put("normalizer", normalizer);
    document.put("pre_tokenizer", preTokenizer);
    document.put("post_processor", null);
    document.put("decoder", decoder);
    document.put("model", model);
    return document;
  }

  /** The byte-pair model of a tokenizer.json. */
  Map<String, Object> bytePairs(List<List<String>> merges) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    model.put("vocab", ids);
    model.put("merges", merges);
    return model;
  }
}
