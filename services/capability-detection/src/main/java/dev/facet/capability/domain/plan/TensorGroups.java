package dev.facet.capability.domain.plan;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Sizes of a decoder's tensor groups (docs/wire.md "Tensor names and groups"), from its shape
 * alone.
 */
final class TensorGroups {
  /**
   * Rows of one width.
   *
   * @param largestTensorRows rows of the group's largest tensor
   */
  record Group(String name, long rows, long cols, long largestTensorRows) {}

  private final List<Group> groups;
  private final long denseWeights;

  private TensorGroups(List<Group> groups, long denseWeights) {
    this.groups = groups;
    this.denseWeights = denseWeights;
  }

  static TensorGroups of(ArchitectureConfig shape) {
    List<Group> groups = new ArrayList<>();
    groups.add(single("embedding", shape.vocabSize(), shape.hiddenSize()));
    if (!shape.tiedEmbeddings()) {
      groups.add(single("head", shape.vocabSize(), shape.hiddenSize()));
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      addLayer(groups, "layers." + layer + '.', shape);
    }
    long norms = (2L * shape.layers() + 1) * shape.hiddenSize();
    return new TensorGroups(List.copyOf(groups), norms);
  }

  private static void addLayer(List<Group> groups, String prefix, ArchitectureConfig shape) {
    long queries = (long) shape.heads() * shape.headDim();
    long keys = (long) shape.kvHeads() * shape.headDim();
    long inner = shape.intermediateSize();
    groups.add(new Group(prefix + "qk", queries + keys, shape.hiddenSize(), queries));
    groups.add(single(prefix + "v", keys, shape.hiddenSize()));
    groups.add(single(prefix + "o", shape.hiddenSize(), queries));
    groups.add(new Group(prefix + "gate_up", 2 * inner, shape.hiddenSize(), inner));
    groups.add(single(prefix + "down", shape.hiddenSize(), inner));
  }

  private static Group single(String name, long rows, long cols) {
    return new Group(name, rows, cols, rows);
  }

  /** Number of float32 weights outside the groups (norms). */
  long denseWeights() {
    return denseWeights;
  }

  long sum(ToLongFunction<Group> measure) {
    return groups.stream().mapToLong(measure).sum();
  }

  long largest(ToLongFunction<Group> measure) {
    return groups.stream().mapToLong(measure).max().orElse(0);
  }
}
