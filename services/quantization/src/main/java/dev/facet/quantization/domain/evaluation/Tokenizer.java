package dev.facet.quantization.domain.evaluation;

/** Turns text to the token ids that a model was trained on. */
@FunctionalInterface
public interface Tokenizer {
  /**
   * @return ids of the text alone, no special tokens added
   */
  int[] encode(String text);

  /** The text as one stream: BOS, then the text. */
  default int[] stream(String text, int bosTokenId) {
    int[] ids = encode(text);
    int[] stream = new int[ids.length + 1];
    stream[0] = bosTokenId;
    System.arraycopy(ids, 0, stream, 1, ids.length);
    return stream;
  }
}
