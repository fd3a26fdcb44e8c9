package dev.facet.quantization.domain.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text cut in windows that do not overlap.
 *
 * @param windows token ids, all of one length
 */
public record TextWindows(List<int[]> windows, Scoring scoring) {

  /**
   * Cuts a stream of tokens; what is left after the last whole window is not used.
   *
   * @param tokens the text as one stream, BOS first
   * @param context tokens of a window, at least 4
   * @param atMost number of windows wanted
   * @throws TextTooShort if the text does not fill one window
   */
  public static TextWindows cut(int[] tokens, int context, int atMost, Scoring scoring) {
    if (context < 4 || atMost < 1) {
      throw new IllegalArgumentException(atMost + " windows of " + context + " tokens");
    }
    if (tokens.length < context) {
      throw new TextTooShort(tokens.length, context);
    }
    List<int[]> windows = new ArrayList<>();
    for (int i = 0; i < atMost && (i + 1) * (long) context <= tokens.length; i++) {
      int[] window = Arrays.copyOfRange(tokens, i * context, (i + 1) * context);
      if (scoring == Scoring.SECOND_HALF) {
        window[0] = tokens[0];
      }
      windows.add(window);
    }
    return new TextWindows(windows, scoring);
  }
}
