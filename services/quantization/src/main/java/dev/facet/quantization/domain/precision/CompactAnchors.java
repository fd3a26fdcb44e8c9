package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.List;
import java.util.Map;

/**
 * Anchors of the compact ladder: those that serve best where the linear layers take {@value
 * #BODY_BITS} bits a weight and embedding and head as much as at {@value #TABLE_BITS} bits.
 */
public final class CompactAnchors {
  static final double BODY_BITS = 2.75;
  private static final int TABLE_BITS = 4;

  private CompactAnchors() {}

  /**
   * @param search over anchors, not over cuts of a ladder
   * @return anchor of each group, 0 for float32
   */
  public static Map<String, Integer> of(List<TensorGroup> groups, PrecisionSearch search) {
    double budget = 0;
    for (TensorGroup group : groups) {
      budget +=
          switch (group.kind()) {
            case LINEAR -> group.weights() * BODY_BITS / 8;
            case TABLE -> LadderEncoder.bytes(group, TABLE_BITS, TABLE_BITS);
            case DENSE -> LadderEncoder.bytes(group, 0, 0);
          };
    }
    return search.fit(new Budget.OfModel((long) budget));
  }
}
