package dev.facet.quantization.domain.front;

import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts through a ladder that read all linear layers at one depth and all else at its anchor. */
public final class UniformCuts {
  private final LadderSpec ladder;
  private final List<TensorGroup> groups;

  /**
   * @param groups all groups of the model
   */
  public UniformCuts(LadderSpec ladder, List<TensorGroup> groups) {
    this.ladder = ladder;
    this.groups = List.copyOf(groups);
  }

  /** One for each depth that the ladder is published at, smallest first. */
  public List<PlannedCut> all() {
    return ladder.pointDepths().stream().map(this::cut).toList();
  }

  /** The cut at {@code depth}, named after ladder and depth. */
  public PlannedCut cut(int depth) {
    Map<String, Integer> bits = new LinkedHashMap<>();
    for (TensorGroup group : groups) {
      int anchor = ladder.anchor(group);
      boolean linear = group.kind() == TensorGroup.Kind.LINEAR;
      bits.put(group.id(), linear ? Math.min(depth, anchor) : anchor);
    }
    return new PlannedCut(ladder.name() + "-" + depth, ladder.name(), bits);
  }
}
