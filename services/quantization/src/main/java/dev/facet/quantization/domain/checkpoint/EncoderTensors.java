package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.EncoderShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tensors of an encoder's layers by their role. */
public record EncoderTensors(List<Layer> layers) {
  /** One transformer block. */
  public record Layer(
      Affine attentionNorm,
      Affine query,
      Affine key,
      Affine value,
      Affine output,
      Affine feedForwardNorm,
      Affine up,
      Affine down) {
    /** Norms and biases. */
    public List<TensorSpec> vectors() {
      Stream<TensorSpec> norms =
          Stream.of(attentionNorm, feedForwardNorm).flatMap(n -> Stream.of(n.weight(), n.bias()));
      Stream<TensorSpec> biases = Stream.of(query, key, value, output, up, down).map(Affine::bias);
      return Stream.concat(norms, biases).toList();
    }
  }

  public EncoderTensors {
    layers = List.copyOf(layers);
  }

  /**
   * Sets of linear layers.
   *
   * @param prefix of their ids, up to the layer's number
   */
  List<TensorSet> sets(String prefix) {
    List<TensorSet> sets = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String id = prefix + i + ".";
      sets.add(TensorSet.linear(id + "qk", layer.query.weight(), layer.key.weight()));
      sets.add(TensorSet.linear(id + "v", layer.value.weight()));
      sets.add(TensorSet.linear(id + "o", layer.output.weight()));
      sets.add(TensorSet.linear(id + "up", layer.up.weight()));
      sets.add(TensorSet.linear(id + "down", layer.down.weight()));
    }
    return sets;
  }

  /**
   * @param component whose encoder it is; names begin with it
   */
  static EncoderTensors of(String component, EncoderShape shape) {
    return new EncoderTensors(
        IntStream.range(0, shape.layers())
            .mapToObj(i -> layer(component + ".layers." + i + ".", shape))
            .toList());
  }

  private static Layer layer(String prefix, EncoderShape shape) {
    int hidden = shape.hiddenSize();
    int inner = shape.intermediateSize();
    return new Layer(
        Affine.norm(prefix + "attention_norm", hidden),
        Affine.linear(prefix + "self_attn.q_proj", hidden, hidden),
        Affine.linear(prefix + "self_attn.k_proj", hidden, hidden),
        Affine.linear(prefix + "self_attn.v_proj", hidden, hidden),
        Affine.linear(prefix + "self_attn.o_proj", hidden, hidden),
        Affine.norm(prefix + "feed_forward_norm", hidden),
        Affine.linear(prefix + "mlp.up_proj", inner, hidden),
        Affine.linear(prefix + "mlp.down_proj", hidden, inner));
  }
}
