package dev.facet.quantization.domain.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors of a decoder by their role.
 *
 * @param head null when the embedding serves as head
 */
public record DecoderTensors(
    TensorSpec embedding, List<Layer> layers, TensorSpec norm, TensorSpec head) {

  /** One transformer block. */
  public record Layer(
      TensorSpec attentionNorm,
      TensorSpec query,
      TensorSpec key,
      TensorSpec value,
      TensorSpec output,
      TensorSpec feedForwardNorm,
      TensorSpec gate,
      TensorSpec up,
      TensorSpec down) {
    /** The weights of its linear layers in execution order. */
    public List<TensorSpec> linear() {
      return List.of(query, key, value, output, gate, up, down);
    }
  }

  public DecoderTensors {
    layers = List.copyOf(layers);
  }

  public Optional<TensorSpec> separateHead() {
    return Optional.ofNullable(head);
  }

  /** What the logits are made with: the head, or the embedding where the two are tied. */
  public TensorSpec logits() {
    return head == null ? embedding : head;
  }

  /** All tensors in execution order. */
  public List<TensorSpec> all() {
    List<TensorSpec> all = new ArrayList<>();
    all.add(embedding);
    for (Layer layer : layers) {
      all.addAll(
          List.of(
              layer.attentionNorm,
              layer.query,
              layer.key,
              layer.value,
              layer.output,
              layer.feedForwardNorm,
              layer.gate,
              layer.up,
              layer.down));
    }
    all.add(norm);
    separateHead().ifPresent(all::add);
    return all;
  }
}
