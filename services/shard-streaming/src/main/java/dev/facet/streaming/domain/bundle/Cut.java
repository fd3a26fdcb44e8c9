package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import java.util.HashMap;
import java.util.Map;

/** Depths that a point takes of a ladder's groups, never deeper than their anchors. */
final class Cut {
  static final String DENSE = "dense";

  private final String ladderName;
  private final Map<String, Integer> depths = new HashMap<>();

  Cut(LadderIndex ladder, Point point) {
    this.ladderName = "%s~%s~%s".formatted(ladder.model(), ladder.revision(), ladder.ladder());
    for (LadderTensor tensor : ladder.tensors()) {
      if (LadderTensor.EMBEDDED.equals(tensor.encoding())) {
        depths.merge(tensor.group(), wanted(point, tensor), Math::max);
      }
    }
  }

  private int wanted(Point point, LadderTensor tensor) {
    Integer bits = point.bits().get(tensor.group());
    if (bits == null) {
      throw new InconsistentLadder(
          ladderName,
          "has group %s, which point %s leaves out".formatted(tensor.group(), point.id()));
    }
    return Math.min(bits, tensor.anchor());
  }

  /** Depth taken of a group; 0 for the group of float32 tensors. */
  int depth(String group) {
    return depths.getOrDefault(group, 0);
  }

  /** Depth taken of a tensor. */
  int depth(LadderTensor tensor) {
    return LadderTensor.EMBEDDED.equals(tensor.encoding())
        ? Math.min(depth(tensor.group()), tensor.anchor())
        : 0;
  }

  String ladderName() {
    return ladderName;
  }
}
