package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Segment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sizes of cuts through a coded ladder. */
public final class LadderPoints {
  private final String ladder;
  private final List<TensorGroup> groups;
  private final Map<String, EncodedGroup> encoded = new HashMap<>();

  public LadderPoints(LadderSpec ladder, List<TensorGroup> groups, List<EncodedGroup> encoded) {
    this(ladder.name(), groups, encoded);
  }

  /**
   * @param groups all groups of the model
   * @param encoded the same groups, coded for this ladder
   */
  public LadderPoints(String ladder, List<TensorGroup> groups, List<EncodedGroup> encoded) {
    this.ladder = ladder;
    this.groups = List.copyOf(groups);
    encoded.forEach(group -> this.encoded.put(group.group(), group));
  }

  /**
   * A point, not yet measured.
   *
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
    return new Point(id, ladder, bodyBits, 8.0 * bytes / weights, bytes, null, cut);
  }

  /**
   * Bytes of a group read at a depth; 0 for float32.
   *
   * @throws IllegalArgumentException if the group is not coded
   */
  public long bytes(String group, int depth) {
    EncodedGroup coded = encoded.get(group);
    if (coded == null) {
      throw new IllegalArgumentException("group " + group + " is not coded");
    }
    long bytes = 0;
    for (LadderTensor tensor : coded.tensors()) {
      for (Segment segment : tensor.segments()) {
        bytes += segment.depth() <= depth ? segment.bytes() : 0;
      }
    }
    return bytes;
  }
}
