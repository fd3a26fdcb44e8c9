package dev.facet.quantization.domain.checkpoint;

import java.util.List;

/**
 * Tensors that are coded, cut and delivered together.
 *
 * @param id as docs/wire.md names tensor groups
 * @param tensors in execution order
 */
public record TensorSet(String id, Role role, List<TensorSpec> tensors) {
  /** What its tensors are. */
  public enum Role {
    LINEAR,
    /** Looked up, or what logits are made with. */
    TABLE,
    /** Norms, biases and positions. */
    DENSE
  }

  public TensorSet {
    tensors = List.copyOf(tensors);
  }

  static TensorSet linear(String id, TensorSpec... tensors) {
    return new TensorSet(id, Role.LINEAR, List.of(tensors));
  }

  static TensorSet table(String id, TensorSpec tensor) {
    return new TensorSet(id, Role.TABLE, List.of(tensor));
  }

  static TensorSet dense(List<TensorSpec> tensors) {
    return new TensorSet("dense", Role.DENSE, tensors);
  }
}
