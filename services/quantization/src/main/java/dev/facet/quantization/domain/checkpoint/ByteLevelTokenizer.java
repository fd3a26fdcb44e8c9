package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.domain.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A byte-level BPE vocabulary ({@code gpt2}): merges are given, the splitting has a name. */
final class ByteLevelTokenizer {
  private static final String MERGES = "tokenizer.ggml.merges";

  private final GgufMetadata metadata;
  private final GgufVocabulary vocabulary;

  ByteLevelTokenizer(GgufMetadata metadata, GgufVocabulary vocabulary) {
    this.metadata = metadata;
    this.vocabulary = vocabulary;
  }

  Map<String, Object> json() {
    TextSplitting splitting = TextSplitting.of(metadata);
    Map<String, Object> model = vocabulary.bytePairs(merges());
    model.put("ignore_merges", splitting.wholeWordsFirst());
    return vocabulary.document(
        null, splitting.preTokenizer(), TextSplitting.byteLevel(false), model);
  }

  private List<List<String>> merges() {
    List<List<String>> merges = new ArrayList<>();
    for (String merge : metadata.strings(MERGES)) {
      merges.add(pair(merge, merges.size()));
    }
    return merges;
  }

  /** The second half follows the first space after the first character. */
  private List<String> pair(String merge, int index) {
    int space = merge.indexOf(' ', 1);
    if (space > 0 && space < merge.length() - 1) {
      String left = merge.substring(0, space);
      String right = merge.substring(space + 1);
      Map<String, Integer> ids = vocabulary.ids();
      if (ids.containsKey(left) && ids.containsKey(right) && ids.containsKey(left + right)) {
        return List.of(left, right);
      }
    }
    throw metadata.wrong(MERGES, "%d is no pair of tokens that make a token".formatted(index));
  }
}
