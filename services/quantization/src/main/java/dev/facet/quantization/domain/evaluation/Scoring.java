package dev.facet.quantization.domain.evaluation;

/** Which tokens of a window count. */
public enum Scoring {
  /** All but the first, which nothing precedes. */
  ALL,
  /**
   * Those after the middle, with the first token of the window replaced by BOS: every counted token
   * has half a window of context, and figures compare with llama.cpp's.
   */
  SECOND_HALF;

  /** First position of a window of {@code context} tokens whose prediction counts. */
  int firstPosition(int context) {
    return this == ALL ? 0 : context / 2;
  }
}
