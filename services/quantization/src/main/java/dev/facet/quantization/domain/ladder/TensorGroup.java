package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.checkpoint.ModelTensors;
import dev.facet.quantization.domain.checkpoint.TensorSet;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import java.util.List;

/**
 * Tensors that are coded, cut and delivered together: the unit of work, of precision and of shards.
 *
 * @param id {@code embedding}, {@code head}, {@code layers.N.qk}, {@code layers.N.v}, {@code
 *     layers.N.o}, {@code layers.N.gate_up}, {@code layers.N.down}, {@code dense}, or of other
 *     components as docs/wire.md has it
 * @param tensors in execution order
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

  /** Groups of a model in execution order, the float32 tensors last. */
  public static List<TensorGroup> of(ModelTensors tensors) {
    return tensors.sets().stream()
        .map(set -> new TensorGroup(set.id(), kind(set.role()), set.tensors()))
        .toList();
  }

  private static Kind kind(TensorSet.Role role) {
    return switch (role) {
      case LINEAR -> Kind.LINEAR;
      case TABLE -> Kind.TABLE;
      case DENSE -> Kind.DENSE;
    };
  }

  /**
   * One group of a model.
   *
   * @throws IllegalArgumentException if it has none of that id
   */
  public static TensorGroup named(ModelTensors tensors, String id) {
    return of(tensors).stream()
        .filter(group -> group.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the model has no group " + id));
  }

  /** Weights of all tensors of the group. */
  public long weights() {
    return tensors.stream().mapToLong(TensorSpec::weights).sum();
  }
}
