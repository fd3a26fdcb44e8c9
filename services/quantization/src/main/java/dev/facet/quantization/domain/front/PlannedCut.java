package dev.facet.quantization.domain.front;

import java.util.Map;

/**
 * A cut that is to be measured and published.
 *
 * @param id the ladder's name and the bits of a code that a uniform cut of its size would have
 * @param bits depth of each tensor group
 */
public record PlannedCut(String id, String ladder, Map<String, Integer> bits) {
  public PlannedCut {
    bits = Map.copyOf(bits);
  }
}
