package dev.facet.quantization.domain.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds windows that repeat a passage of a text that quality is measured on, so that nothing is
 * measured on what it was fitted to. A passage is a run of {@value #RUN} tokens.
 */
public final class SharedText {
  private static final int RUN = 32;
  private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

  /** {@code FACTOR} to the power of {@code RUN}. */
  private static final long OLDEST = power(FACTOR, RUN);

  private final Set<Long> runs = new HashSet<>();

  /**
   * @param measured windows that quality is measured on
   */
  public SharedText(List<int[]> measured) {
    for (int[] window : measured) {
      for (long run : runs(window)) {
        runs.add(run);
      }
    }
  }

  private static long power(long base, int exponent) {
    long product = 1;
    for (int i = 0; i < exponent; i++) {
      product *= base;
    }
    return product;
  }

  /** The windows of a text that share no passage with what is measured. */
  public List<int[]> without(List<int[]> windows) {
    List<int[]> kept = new ArrayList<>();
    for (int[] window : windows) {
      if (!sharedBy(window)) {
        kept.add(window);
      }
    }
    return kept;
  }

  private boolean sharedBy(int[] window) {
    for (long run : runs(window)) {
      if (runs.contains(run)) {
        return true;
      }
    }
    return false;
  }

  /** A polynomial hash of every run. */
  private static long[] runs(int[] window) {
    long[] hashes = new long[Math.max(0, window.length - RUN + 1)];
    long hash = 0;
    for (int i = 0; i < window.length; i++) {
      hash = hash * FACTOR + window[i] + 1;
      if (i >= RUN) {
        hash -= OLDEST * (window[i - RUN] + 1);
      }
      if (i >= RUN - 1) {
        hashes[i - RUN + 1] = hash;
      }
    }
    return hashes;
  }
}
