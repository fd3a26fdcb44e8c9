package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.domain.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A SentencePiece vocabulary ({@code llama}): no merges are given, but the pair whose token scores
 * highest is joined first. So every way to make a token of two others is a merge, in the order of
 * the scores.
 */
final class ScoredTokenizer {
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String PREFIX = "tokenizer.ggml.add_space_prefix";
  private static final String SPACE = "\u2581";

  /** In characters; its pairs are as many, and SentencePiece itself makes pieces of 16. */
  private static final int LONGEST_PIECE = 128;

  private static final int MOST_MERGES = 1 << 22;

  private record Merge(String left, String right, double score) {}

  private final GgufMetadata metadata;
  private final GgufVocabulary vocabulary;
  private final double[] scores;

  ScoredTokenizer(GgufMetadata metadata, GgufVocabulary vocabulary) {
    this.metadata = metadata;
    this.vocabulary = vocabulary;
    this.scores = metadata.numbers(SCORES);
    if (scores.length != vocabulary.size()) {
      throw metadata.wrong(
          SCORES, "has %d values for %d tokens".formatted(scores.length, vocabulary.size()));
    }
  }

  Map<String, Object> json() {
    Map<String, Object> model = vocabulary.bytePairs(merges());
    int unknown = vocabulary.unknown();
    model.put("unk_token", unknown < 0 ? null : vocabulary.token(unknown));
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    boolean prefixed = metadata.flag(PREFIX, true);
    return vocabulary.document(normalizer(prefixed), null, decoder(prefixed), model);
  }

  private List<List<String>> merges() {
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.isNormal(id)) {
        addMerges(id, merges);
      }
    }
    merges.sort(Comparator.comparingDouble(Merge::score).reversed());
    return merges.stream().map(merge -> List.of(merge.left, merge.right)).toList();
  }

  private void addMerges(int id, List<Merge> merges) {
    String piece = vocabulary.token(id);
    if (piece.length() > LONGEST_PIECE || merges.size() > MOST_MERGES) {
      throw metadata.wrong(
          GgufVocabulary.TOKENS,
          "%d: a piece has at most %d characters, all together 2^22 pairs"
              .formatted(id, LONGEST_PIECE));
    }
    for (int cut = 1; cut < piece.length(); cut++) {
      String left = piece.substring(0, cut);
      String right = piece.substring(cut);
      if (vocabulary.ids().containsKey(left) && vocabulary.ids().containsKey(right)) {
        merges.add(new Merge(left, right, scores[id]));
      }
    }
  }

  private static Object normalizer(boolean prefixed) {
    Map<String, Object> spaces = replace(" ", SPACE);
    return prefixed
        ? Map.of(
            "type",
            "Sequence",
            "normalizers",
            List.of(Map.of("type", "Prepend", "prepend", SPACE), spaces))
        : spaces;
  }

  private static Object decoder(boolean prefixed) {
    List<Object> steps = new ArrayList<>();
    steps.add(replace(SPACE, " "));
    steps.add(Map.of("type", "ByteFallback"));
    steps.add(Map.of("type", "Fuse"));
    if (prefixed) {
      steps.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
    }
    return Map.of("type", "Sequence", "decoders", steps);
  }

  private static Map<String, Object> replace(String what, String with) {
    Map<String, Object> replace = new HashMap<>();
    replace.put("type", "Replace");
    replace.put("pattern", Map.of("String", what));
    replace.put("content", with);
    return replace;
  }
}
