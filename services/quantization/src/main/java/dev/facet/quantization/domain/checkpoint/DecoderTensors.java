package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tensors of a decoder by their role. All families' have the names that Llama checkpoints give
 * them.
 *
 * @param head null when the embedding serves as head
 */
public record DecoderTensors(
    TensorSpec embedding, List<Layer> layers, TensorSpec norm, TensorSpec head)
    implements ModelTensors {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /**
   * One transformer block.
   *
   * @param queryNorm over a head's elements; null if queries are not normed, as for the next
   * @param attentionPostNorm null if what attention gives is added as it is, as for the next
   * @param biases of linear layers, by the name of their weights
   */
  public record Layer(
      TensorSpec attentionNorm,
      TensorSpec query,
      TensorSpec key,
      TensorSpec value,
      TensorSpec queryNorm,
      TensorSpec keyNorm,
      TensorSpec output,
      TensorSpec attentionPostNorm,
      TensorSpec feedForwardNorm,
      TensorSpec gate,
      TensorSpec up,
      TensorSpec down,
      TensorSpec feedForwardPostNorm,
      Map<String, TensorSpec> biases) {
    /** Norms and biases. */
    public List<TensorSpec> vectors() {
      Stream<TensorSpec> norms =
          Stream.of(
              attentionNorm,
              queryNorm,
              keyNorm,
              attentionPostNorm,
              feedForwardNorm,
              feedForwardPostNorm);
      return Stream.concat(norms.filter(Objects::nonNull), biases.values().stream()).toList();
    }

    /** What a linear layer adds. */
    public Optional<TensorSpec> bias(TensorSpec linear) {
      return Optional.ofNullable(biases.get(linear.name()));
    }
  }

  public DecoderTensors {
    layers = List.copyOf(layers);
  }

  /** Those that a description asks for. */
  public static DecoderTensors of(ArchitectureConfig config) {
    int hidden = config.hiddenSize();
    return new DecoderTensors(
        new TensorSpec("model.embed_tokens.weight", config.vocabSize(), hidden),
        IntStream.range(0, config.layers()).mapToObj(i -> layer(config, i)).toList(),
        new TensorSpec("model.norm.weight", 1, hidden),
        config.tiedEmbeddings()
            ? null
            : new TensorSpec("lm_head.weight", config.vocabSize(), hidden));
  }

  private static Layer layer(ArchitectureConfig config, int index) {
    String prefix = "model.layers." + index + ".";
    String attention = prefix + "self_attn.";
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    int queries = Math.multiplyExact(config.heads(), config.headDim());
    int keys = Math.multiplyExact(config.kvHeads(), config.headDim());
    boolean qkNorm = config.traits().qkNorm();
    boolean postNorms = config.traits().postNorms();
    Map<String, TensorSpec> linear = new TreeMap<>();
    linear.put("query", new TensorSpec(attention + "q_proj.weight", queries, hidden));
    linear.put("key", new TensorSpec(attention + "k_proj.weight", keys, hidden));
    linear.put("value", new TensorSpec(attention + "v_proj.weight", keys, hidden));
    linear.put("output", new TensorSpec(attention + "o_proj.weight", hidden, queries));
    linear.put("gate", new TensorSpec(prefix + "mlp.gate_proj.weight", inner, hidden));
    linear.put("up", new TensorSpec(prefix + "mlp.up_proj.weight", inner, hidden));
    linear.put("down", new TensorSpec(prefix + "mlp.down_proj.weight", hidden, inner));
    String second = postNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm";
    return new Layer(
        norm(prefix + "input_layernorm", hidden),
        linear.get("query"),
        linear.get("key"),
        linear.get("value"),
        qkNorm ? norm(attention + "q_norm", config.headDim()) : null,
        qkNorm ? norm(attention + "k_norm", config.headDim()) : null,
        linear.get("output"),
        postNorms ? norm(prefix + "post_attention_layernorm", hidden) : null,
        norm(prefix + second, hidden),
        linear.get("gate"),
        linear.get("up"),
        linear.get("down"),
        postNorms ? norm(prefix + "post_feedforward_layernorm", hidden) : null,
        biases(config.traits().biases().stream().map(linear::get).toList()));
  }

  private static TensorSpec norm(String name, int width) {
    return new TensorSpec(name + WEIGHT, 1, width);
  }

  private static Map<String, TensorSpec> biases(List<TensorSpec> linear) {
    Map<String, TensorSpec> biases = new TreeMap<>();
    for (TensorSpec weights : linear) {
      String name = weights.name().substring(0, weights.name().length() - WEIGHT.length()) + BIAS;
      biases.put(weights.name(), new TensorSpec(name, 1, weights.rows()));
    }
    return biases;
  }

  public Optional<TensorSpec> separateHead() {
    return Optional.ofNullable(head);
  }

  /** What the logits are made with: the head, or the embedding where the two are tied. */
  public TensorSpec logits() {
    return head == null ? embedding : head;
  }

  @Override
  public List<TensorSet> sets() {
    List<TensorSet> sets = new ArrayList<>();
    List<TensorSpec> dense = new ArrayList<>();
    sets.add(TensorSet.table("embedding", embedding));
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String id = "layers." + i + ".";
      sets.add(TensorSet.linear(id + "qk", layer.query, layer.key));
      sets.add(TensorSet.linear(id + "v", layer.value));
      sets.add(TensorSet.linear(id + "o", layer.output));
      sets.add(TensorSet.linear(id + "gate_up", layer.gate, layer.up));
      sets.add(TensorSet.linear(id + "down", layer.down));
      dense.addAll(layer.vectors());
    }
    separateHead().ifPresent(matrix -> sets.add(TensorSet.table("head", matrix)));
    dense.add(norm);
    sets.add(TensorSet.dense(dense));
    return sets;
  }
}
