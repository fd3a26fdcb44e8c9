package dev.facet.quantization.adapter.tokenizer;

import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import dev.facet.quantization.domain.checkpoint.TokenizerFile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a tokenizer.json must be before the native library sees it: a fault there would end the
 * process, not the request. Parts are of known types, nested a little, and refer to tokens that are
 * there.
 */
final class TokenizerRules {
  private static final JsonSource JSON = new JacksonJsonSource();
  private static final int DEEPEST = 8;
  private static final int LONGEST_PATTERN = 4096;

  private static final Set<String> NORMALIZERS =
      Set.of(
          "Sequence",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Lowercase",
          "Strip",
          "StripAccents",
          "Prepend",
          "Replace",
          "BertNormalizer",
          "ByteLevel");
  private static final Set<String> PRE_TOKENIZERS =
      Set.of(
          "Sequence",
          "ByteLevel",
          "Split",
          "Digits",
          "Whitespace",
          "WhitespaceSplit",
          "Punctuation",
          "BertPreTokenizer",
          "Metaspace",
          "UnicodeScripts",
          "CharDelimiterSplit");
  private static final Set<String> POST_PROCESSORS =
      Set.of("Sequence", "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing");
  private static final Set<String> DECODERS =
      Set.of(
          "Sequence",
          "ByteLevel",
          "ByteFallback",
          "Fuse",
          "Replace",
          "Strip",
          "Metaspace",
          "WordPiece",
          "BPEDecoder",
          "CTC");

  private final String file;

  private TokenizerRules(String file) {
    this.file = file;
  }

  /**
   * @throws MalformedTokenizer that says which part breaks a rule
   */
  static void require(TokenizerFile file) {
    try {
      new TokenizerRules(file.name()).document(JSON.object(file.json()));
    } catch (JsonSource.MalformedJsonException e) {
      throw new MalformedTokenizer(file.name(), e.getMessage());
    }
  }

  private void document(Map<String, Object> document) {
    part("normalizer", document.get("normalizer"), NORMALIZERS, DEEPEST);
    part("pre_tokenizer", document.get("pre_tokenizer"), PRE_TOKENIZERS, DEEPEST);
    part("post_processor", document.get("post_processor"), POST_PROCESSORS, DEEPEST);
    part("decoder", document.get("decoder"), DECODERS, DEEPEST);
    Map<?, ?> model = object("model", document.get("model"));
    new TokenizerVocabulary(file, model).require(document.get("added_tokens"));
  }

  /** A part, or a sequence of such. */
  private void part(String place, Object value, Set<String> types, int depth) {
    if (value == null) {
      return;
    }
    Map<?, ?> part = object(place, value);
    if (!(part.get("type") instanceof String type) || !types.contains(type)) {
      throw malformed(place, "has type " + part.get("type") + ", which is not known");
    }
    if (depth == 0) {
      throw malformed(place, "is nested too deeply");
    }
    for (Map.Entry<?, ?> member : part.entrySet()) {
      if (member.getValue() instanceof List<?> parts && type.equals("Sequence")) {
        for (Object inner : parts) {
          part(place, inner, types, depth - 1);
        }
      }
    }
    pattern(place, type, part.get("pattern"));
  }

  /** What is replaced is a plain text: the library ends the process where a match is empty. */
  private void pattern(String place, String type, Object value) {
    if (!(value instanceof Map<?, ?> pattern)) {
      return;
    }
    if (type.equals("Replace") && !pattern.containsKey("String")) {
      throw malformed(place, "replaces what a regular expression finds, which is not supported");
    }
    for (Object text : pattern.values()) {
      if (!(text instanceof String given) || given.isEmpty() || given.length() > LONGEST_PATTERN) {
        throw malformed(place, "has a pattern that is empty, too long or no text");
      }
    }
  }

  private Map<?, ?> object(String place, Object value) {
    if (!(value instanceof Map<?, ?> object)) {
      throw malformed(place, "is no object");
    }
    return object;
  }

  private MalformedTokenizer malformed(String place, String detail) {
    return new MalformedTokenizer(file, place + " " + detail);
  }
}
