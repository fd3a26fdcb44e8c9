package dev.facet.quantization.adapter.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The model of a tokenizer.json: ids in range, merges of tokens that are there. */
final class TokenizerVocabulary {
  private static final Set<String> MODELS = Set.of("BPE", "WordPiece", "WordLevel");
  private static final int MOST_TOKENS = 1 << 21;
  private static final int LONGEST_TOKEN = 4096;

  private final String file;
  private final Map<?, ?> model;
  private final Map<?, ?> vocab;

  TokenizerVocabulary(String file, Map<?, ?> model) {
    this.file = file;
    this.model = model;
    if (!(model.get("vocab") instanceof Map<?, ?> tokens) || tokens.isEmpty()) {
      throw malformed("model.vocab is no map of tokens");
    }
    this.vocab = tokens;
  }

  /**
   * @param added the list of added tokens; null for none
   */
  void require(Object added) {
    Object type = model.get("type");
    if (type != null && !MODELS.contains(type)) {
      throw malformed("model.type is %s; known: BPE, WordPiece, WordLevel".formatted(type));
    }
    if (vocab.size() > MOST_TOKENS) {
      throw malformed("model.vocab has more than 2^21 tokens");
    }
    vocab.forEach((token, id) -> token("model.vocab", String.valueOf(token), id));
    unknown(model.get("unk_token"));
    affix("continuing_subword_prefix");
    affix("end_of_word_suffix");
    merges(model.get("merges"));
    added(added);
  }

  private void token(String place, String token, Object id) {
    if (token.length() > LONGEST_TOKEN) {
      throw malformed("%s has a token of %d characters".formatted(place, token.length()));
    }
    if (!(id instanceof Long number) || number < 0 || number >= MOST_TOKENS) {
      throw malformed("%s gives \"%s\" the id %s".formatted(place, token, id));
    }
  }

  private void unknown(Object token) {
    if (token != null && !vocab.containsKey(token)) {
      throw malformed("model.unk_token is %s, which is no token".formatted(token));
    }
  }

  private void affix(String key) {
    if (model.get(key) != null && !(model.get(key) instanceof String)) {
      throw malformed("model.%s is no text".formatted(key));
    }
  }

  private void merges(Object value) {
    if (value == null) {
      return;
    }
    if (!(value instanceof List<?> merges) || merges.size() > 2 * MOST_TOKENS) {
      throw malformed("model.merges is no list, or too long");
    }
    String prefix = model.get("continuing_subword_prefix") instanceof String given ? given : "";
    for (int i = 0; i < merges.size(); i++) {
      merge(i, pair(merges.get(i)), prefix);
    }
  }

  private static String[] pair(Object merge) {
    if (merge instanceof String text) {
      return text.split(" ", -1);
    }
    return merge instanceof List<?> parts
        ? parts.stream().map(String::valueOf).toArray(String[]::new)
        : new String[0];
  }

  private void merge(int index, String[] pair, String prefix) {
    boolean whole =
        pair.length == 2
            && vocab.containsKey(pair[0])
            && vocab.containsKey(pair[1])
            && pair[1].startsWith(prefix)
            && vocab.containsKey(pair[0] + pair[1].substring(prefix.length()));
    if (!whole) {
      throw malformed("merge %d is no pair of tokens that make a token".formatted(index));
    }
  }

  private void added(Object value) {
    if (value == null) {
      return;
    }
    if (!(value instanceof List<?> tokens) || tokens.size() > MOST_TOKENS) {
      throw malformed("added_tokens is no list, or too long");
    }
    for (Object entry : tokens) {
      if (!(entry instanceof Map<?, ?> token)
          || !(token.get("content") instanceof String content)
          || content.isEmpty()) {
        throw malformed("added_tokens has an entry without content");
      }
      token("added_tokens", content, token.get("id"));
    }
  }

  private MalformedTokenizer malformed(String detail) {
    return new MalformedTokenizer(file, detail);
  }
}
