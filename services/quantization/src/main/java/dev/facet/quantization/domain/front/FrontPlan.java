package dev.facet.quantization.domain.front;

import java.util.List;
import java.util.Map;

/**
 * What is made of a model.
 *
 * @param compactAnchors anchor of each tensor group in the compact ladder; 0 for float32
 * @param cuts through all ladders
 */
public record FrontPlan(Map<String, Integer> compactAnchors, List<PlannedCut> cuts) {
  public FrontPlan {
    compactAnchors = Map.copyOf(compactAnchors);
    cuts = List.copyOf(cuts);
  }

  /** Cuts through one ladder. */
  public List<PlannedCut> of(String ladder) {
    return cuts.stream().filter(cut -> cut.ladder().equals(ladder)).toList();
  }
}
