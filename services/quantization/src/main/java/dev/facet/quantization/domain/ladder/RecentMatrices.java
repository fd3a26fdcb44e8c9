package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The matrices that were read last, as far as there is room: of those held, the one that has not
 * been asked for longest goes first. Safe for use by several threads.
 */
final class RecentMatrices {
  private final long room;
  private final Map<String, EmbeddedMatrix> held = new LinkedHashMap<>(16, 0.75f, true);
  private long weights;

  /**
   * @param room most weights held; the matrix read last stays whatever its size
   */
  RecentMatrices(long room) {
    this.room = room;
  }

  /** The matrix, or null if it is not held. */
  synchronized EmbeddedMatrix get(String tensor) {
    return held.get(tensor);
  }

  synchronized void put(String tensor, EmbeddedMatrix matrix) {
    EmbeddedMatrix before = held.put(tensor, matrix);
    weights += weights(matrix) - (before == null ? 0 : weights(before));
    Iterator<EmbeddedMatrix> oldest = held.values().iterator();
    while (weights > room && held.size() > 1) {
      weights -= weights(oldest.next());
      oldest.remove();
    }
  }

  private static long weights(EmbeddedMatrix matrix) {
    return (long) matrix.rows() * matrix.cols();
  }
}
