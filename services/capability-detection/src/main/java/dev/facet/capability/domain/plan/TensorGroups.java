package dev.facet.capability.domain.plan;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.kernel.ladder.VisionTower;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Sizes of a model's tensor groups (docs/wire.md "Tensor names and groups"), from its shape alone.
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
    return shape.embedding() == null ? decoder(shape) : textEncoder(shape);
  }

  private static TensorGroups textEncoder(ArchitectureConfig shape) {
    EncoderShape encoder = shape.embedding().shape();
    List<Group> groups = new ArrayList<>();
    groups.add(single("embedding", shape.vocabSize(), shape.hiddenSize()));
    addEncoder(groups, "layers.", encoder);
    long positions = (long) shape.contextLength() * shape.hiddenSize();
    return new TensorGroups(List.copyOf(groups), positions + vectors(encoder));
  }

  private static void addEncoder(List<Group> groups, String prefix, EncoderShape shape) {
    long hidden = shape.hiddenSize();
    for (int layer = 0; layer < shape.layers(); layer++) {
      String id = prefix + layer + '.';
      groups.add(new Group(id + "qk", 2 * hidden, hidden, hidden));
      groups.add(single(id + "v", hidden, hidden));
      groups.add(single(id + "o", hidden, hidden));
      groups.add(single(id + "up", shape.intermediateSize(), hidden));
      groups.add(single(id + "down", hidden, shape.intermediateSize()));
    }
  }

  /** Norms and biases of an encoder's layers. */
  private static long vectors(EncoderShape shape) {
    return (9L * shape.hiddenSize() + shape.intermediateSize()) * shape.layers();
  }

  private static TensorGroups decoder(ArchitectureConfig shape) {
    List<Group> groups = new ArrayList<>();
    long vision = 0;
    if (shape.vision() != null) {
      VisionTower tower = shape.vision();
      long width = tower.shape().hiddenSize();
      long pixels = 3L * tower.patchSize() * tower.patchSize();
      groups.add(single("vision.patches", width, pixels));
      addEncoder(groups, "vision.layers.", tower.shape());
      groups.add(single("projector", shape.hiddenSize(), width + shape.hiddenSize()));
      vision = (tower.patches() + 4L) * width + vectors(tower.shape()) + 2L * shape.hiddenSize();
    }
    groups.add(single("embedding", shape.vocabSize(), shape.hiddenSize()));
    if (!shape.tiedEmbeddings()) {
      groups.add(single("head", shape.vocabSize(), shape.hiddenSize()));
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      addLayer(groups, "layers." + layer + '.', shape);
    }
    long norms = (2L * shape.layers() + 1) * shape.hiddenSize();
    return new TensorGroups(List.copyOf(groups), norms + vision);
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
