package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sizes of cuts through a coded ladder. */
public final class LadderPoints {
  private final LadderSpec ladder;
  private final List<TensorGroup> groups;
  private final List<EncodedGroup> encoded;

  /**
   * @param groups all groups of the model
   * @param encoded the same groups, coded for this ladder
   */
  public LadderPoints(LadderSpec ladder, List<TensorGroup> groups, List<EncodedGroup> encoded) {
    this.ladder = ladder;
    this.groups = List.copyOf(groups);
    this.encoded = List.copyOf(encoded);
  }

  /** The points published of the ladder, smallest first, not yet measured. */
  public List<Point> published() {
    List<Point> points = new ArrayList<>();
    for (int depth : ladder.pointDepths()) {
      points.add(point(ladder.name() + "-" + depth, uniform(depth)));
    }
    return points;
  }

  /** The cut that reads linear layers at {@code depth} and all else at its anchor. */
  public Map<String, Integer> uniform(int depth) {
    Map<String, Integer> cut = new LinkedHashMap<>();
    for (TensorGroup group : groups) {
      int anchor = ladder.anchor(group);
      boolean linear = group.kind() == TensorGroup.Kind.LINEAR;
      cut.put(group.id(), linear ? Math.min(depth, anchor) : anchor);
    }
    return cut;
  }

  /**
   * @param cut depth of each group
   */
  public Point point(String id, Map<String, Integer> cut) {
    long bytes = 0;
    long weights = 0;
    long bodyBytes = 0;
    long bodyWeights = 0;
    for (TensorGroup group : groups) {
      long groupBytes = bytes(group.id(), cut.get(group.id()));
      bytes += groupBytes;
      weights += group.weights();
      if (group.kind() == TensorGroup.Kind.LINEAR) {
        bodyBytes += groupBytes;
        bodyWeights += group.weights();
      }
    }
    double bodyBits = 8.0 * bodyBytes / bodyWeights;
    return new Point(id, ladder.name(), bodyBits, 8.0 * bytes / weights, bytes, null, cut);
  }

  private long bytes(String group, int depth) {
    EncodedGroup coded =
        encoded.stream()
            .filter(candidate -> candidate.group().equals(group))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("group " + group + " is not coded"));
    long bytes = 0;
    for (LadderTensor tensor : coded.tensors()) {
      for (Segment segment : tensor.segments()) {
        bytes += segment.depth() <= depth ? segment.bytes() : 0;
      }
    }
    return bytes;
  }
}
