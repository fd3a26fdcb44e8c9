package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.checkpoint.DecoderTensors;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors that are coded, cut and delivered together: the unit of work, of precision and of shards.
 *
 * @param id {@code embedding}, {@code head}, {@code layers.N.qk}, {@code layers.N.v}, {@code
 *     layers.N.o}, {@code layers.N.gate_up}, {@code layers.N.down} or {@code dense}
 * @param tensors in execution order, named as in the checkpoint
 */
public record TensorGroup(String id, Kind kind, List<TensorSpec> tensors) {
  /** What a group's precision is chosen by. */
  public enum Kind {
    /** Linear layers: the model's body. */
    LINEAR,
    /** Token embedding or output head, kept at 6 bits or more. */
    TABLE,
    /** Norms and biases, kept as float32. */
    DENSE
  }

  public TensorGroup {
    tensors = List.copyOf(tensors);
  }

  /** Groups of a decoder in execution order, the float32 tensors last. */
  public static List<TensorGroup> of(DecoderTensors tensors) {
    List<TensorGroup> groups = new ArrayList<>();
    List<TensorSpec> dense = new ArrayList<>();
    groups.add(new TensorGroup("embedding", Kind.TABLE, List.of(tensors.embedding())));
    for (int i = 0; i < tensors.layers().size(); i++) {
      DecoderTensors.Layer layer = tensors.layers().get(i);
      String prefix = layerName(i) + ".";
      groups.add(linear(prefix + "qk", layer.query(), layer.key()));
      groups.add(linear(prefix + "v", layer.value()));
      groups.add(linear(prefix + "o", layer.output()));
      groups.add(linear(prefix + "gate_up", layer.gate(), layer.up()));
      groups.add(linear(prefix + "down", layer.down()));
      dense.add(layer.attentionNorm());
      dense.add(layer.feedForwardNorm());
    }
    tensors
        .separateHead()
        .ifPresent(head -> groups.add(new TensorGroup("head", Kind.TABLE, List.of(head))));
    dense.add(tensors.norm());
    groups.add(new TensorGroup("dense", Kind.DENSE, dense));
    return groups;
  }

  private static TensorGroup linear(String id, TensorSpec... tensors) {
    return new TensorGroup(id, Kind.LINEAR, List.of(tensors));
  }

  /**
   * One group of a decoder.
   *
   * @throws IllegalArgumentException if it has none of that id
   */
  public static TensorGroup named(DecoderTensors tensors, String id) {
    return of(tensors).stream()
        .filter(group -> group.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model has no group " + id));
  }

  /** What the ids of a layer's groups begin with, up to the dot. */
  public static String layerName(int layer) {
    return "layers." + layer;
  }

  /** Layer of a group of linear layers, counted from 0. */
  public int layer() {
    if (kind != Kind.LINEAR) {
      throw new IllegalStateException(id + " belongs to no layer");
    }
    return Integer.parseInt(id.split("\\.")[1]);
  }

  /** Weights of all tensors of the group. */
  public long weights() {
    return tensors.stream().mapToLong(TensorSpec::weights).sum();
  }
}
