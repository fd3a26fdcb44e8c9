package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
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

  /** Weights of all tensors of the group. */
  public long weights() {
    return tensors.stream().mapToLong(TensorSpec::weights).sum();
  }
}
