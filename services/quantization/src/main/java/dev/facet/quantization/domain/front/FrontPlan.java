package dev.facet.quantization.domain.front;

import java.util.List;
import java.util.Map;

/**
 * What is made of a model.
 *
 * @param compactAnchors anchor of each tensor group in the compact ladder; 0 for float32
 * @param cuts through all ladders
 * @param anchoredShares by cut of the full ladder: foretold loss of a ladder anchored for that very
 *     size over that of the cut
 */
public record FrontPlan(
    Map<String, Integer> compactAnchors,
    List<PlannedCut> cuts,
    Map<String, Double> anchoredShares) {
  public FrontPlan {
    compactAnchors = Map.copyOf(compactAnchors);
    cuts = List.copyOf(cuts);
    anchoredShares = anchoredShares == null ? Map.of() : Map.copyOf(anchoredShares);
  }

  /** Cuts through one ladder. */
  public List<PlannedCut> of(String ladder) {
    return cuts.stream().filter(cut -> cut.ladder().equals(ladder)).toList();
  }
}
