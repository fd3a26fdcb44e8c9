package dev.facet.quantization.domain.transformer;

import java.util.Arrays;
import java.util.List;

/** Windows of tokens one after another, run together so that each weight is read once for all. */
final class WindowBatch {
  /** Attention within one window. */
  @FunctionalInterface
  interface WindowAttention {
    /**
     * @param count tokens of the window
     * @return {@code count x heads x headDim}
     */
    float[] mix(int layer, float[] queries, float[] keys, float[] values, int count);
  }

  private final int[] tokens;
  private final int[] positions;
  private final int[] lengths;

  WindowBatch(List<int[]> windows) {
    this.lengths = windows.stream().mapToInt(window -> window.length).toArray();
    this.tokens = windows.stream().flatMapToInt(Arrays::stream).toArray();
    this.positions = new int[tokens.length];
    int at = 0;
    for (int length : lengths) {
      for (int position = 0; position < length; position++) {
        positions[at++] = position;
      }
    }
  }

  /** All windows' tokens. */
  int[] tokens() {
    return tokens;
  }

  /** Position of a token in its window. */
  int position(int token) {
    return positions[token];
  }

  /** Tokens of the longest window. */
  int longest() {
    return Arrays.stream(lengths).max().orElse(0);
  }

  /** Lets tokens see those before them in their own window. */
  AttentionMixer mixer(WindowAttention attention) {
    return (layer, queries, keys, values) -> {
      float[] mixed = new float[queries.length];
      int from = 0;
      for (int length : lengths) {
        float[] part =
            attention.mix(
                layer,
                rows(queries, from, length),
                rows(keys, from, length),
                rows(values, from, length),
                length);
        System.arraycopy(part, 0, mixed, from * (queries.length / tokens.length), part.length);
        from += length;
      }
      return mixed;
    };
  }

  private float[] rows(float[] all, int first, int count) {
    int width = all.length / tokens.length;
    return Arrays.copyOfRange(all, first * width, (first + count) * width);
  }
}
