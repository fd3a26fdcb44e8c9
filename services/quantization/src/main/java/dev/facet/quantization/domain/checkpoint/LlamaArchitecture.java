package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.RopeScaling;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Llama decoders: grouped-query attention, rotary positions, gated feed-forward, RMS norms, no
 * biases. Rotary settings are read from {@code rope_parameters} (transformers 5) or {@code
 * rope_theta} and {@code rope_scaling} (before).
 */
final class LlamaArchitecture implements Architecture {
  /** No model comes near; a count that is a lie does not fill the heap. */
  static final int MOST_LAYERS = 1 << 12;

  /** Outputs of one matrix. */
  static final int WIDEST = 1 << 30;

  private static final double DEFAULT_ROPE_THETA = 10_000;

  @Override
  public String modelClass() {
    return "LlamaForCausalLM";
  }

  @Override
  public ArchitectureConfig read(JsonObject config, JsonObject generation) {
    requireSupported(config);
    int hiddenSize = config.count("hidden_size");
    int heads = config.count("num_attention_heads");
    int kvHeads = config.count("num_key_value_heads", heads);
    int headDim = config.count("head_dim", Math.max(1, hiddenSize / heads));
    int vocabSize = config.count("vocab_size");
    require(heads % kvHeads == 0, "num_key_value_heads", kvHeads, "it must divide " + heads);
    require(headDim % 2 == 0, "head_dim", headDim, "rotary positions need an even one");
    require((long) heads * headDim <= WIDEST, "head_dim", headDim, "all heads are too wide");
    int layers = config.count("num_hidden_layers");
    require(layers <= MOST_LAYERS, "num_hidden_layers", layers, "at most " + MOST_LAYERS);
    return new ArchitectureConfig(
        "llama",
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        config.count("intermediate_size"),
        vocabSize,
        config.count("max_position_embeddings"),
        ropeTheta(config),
        ropeScaling(config),
        config.positive("rms_norm_eps"),
        config.flag("tie_word_embeddings", false),
        bosTokenId(config, vocabSize),
        eosTokenIds(config, generation, vocabSize));
  }

  private static void requireSupported(JsonObject config) {
    String activation = config.string("hidden_act", "silu");
    require(activation.equals("silu"), "hidden_act", activation, "supported: silu");
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      require(!config.flag(bias, false), bias, true, "biases are not supported");
    }
    require(
        !config.has("quantization_config"),
        "quantization_config",
        "present",
        "give the checkpoint before quantization");
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new CheckpointProblem.UnsupportedConfig(key, value, expected);
    }
  }

  private static double ropeTheta(JsonObject config) {
    if (config.has("rope_parameters") && config.object("rope_parameters").has("rope_theta")) {
      return config.object("rope_parameters").positive("rope_theta");
    }
    return config.positive("rope_theta", DEFAULT_ROPE_THETA);
  }

  private static RopeScaling ropeScaling(JsonObject config) {
    String place = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (!config.has(place)) {
      return null;
    }
    JsonObject rope = config.object(place);
    String type = rope.string("rope_type", rope.string("type", "default"));
    return switch (type) {
      case "default" -> null;
      case "llama3" -> llama3(rope);
      default ->
          throw new CheckpointProblem.UnsupportedConfig(
              place + ".rope_type", type, "supported: default, llama3");
    };
  }

  private static RopeScaling llama3(JsonObject rope) {
    double low = rope.positive("low_freq_factor");
    double high = rope.positive("high_freq_factor");
    require(high > low, "high_freq_factor", high, "it must be above low_freq_factor");
    return new RopeScaling(
        "llama3",
        rope.positive("factor"),
        low,
        high,
        rope.count("original_max_position_embeddings"));
  }

  private static int bosTokenId(JsonObject config, int vocabSize) {
    List<Integer> ids = config.tokenIds("bos_token_id", vocabSize);
    if (ids.size() != 1) {
      throw config.wrong("bos_token_id", "one token id");
    }
    return ids.get(0);
  }

  private static List<Integer> eosTokenIds(
      JsonObject config, JsonObject generation, int vocabSize) {
    List<Integer> ids = generation.tokenIds("eos_token_id", vocabSize);
    return ids.isEmpty() ? config.tokenIds("eos_token_id", vocabSize) : ids;
  }

  @Override
  public DecoderTensors tensors(ArchitectureConfig config) {
    int hidden = config.hiddenSize();
    return new DecoderTensors(
        new TensorSpec("model.embed_tokens.weight", config.vocabSize(), hidden),
        IntStream.range(0, config.layers()).mapToObj(i -> layer(config, i)).toList(),
        new TensorSpec("model.norm.weight", 1, hidden),
        config.tiedEmbeddings()
            ? null
            : new TensorSpec("lm_head.weight", config.vocabSize(), hidden));
  }

  private static DecoderTensors.Layer layer(ArchitectureConfig config, int index) {
    String prefix = "model.layers." + index + ".";
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    int queries = Math.multiplyExact(config.heads(), config.headDim());
    int keys = Math.multiplyExact(config.kvHeads(), config.headDim());
    return new DecoderTensors.Layer(
        new TensorSpec(prefix + "input_layernorm.weight", 1, hidden),
        new TensorSpec(prefix + "self_attn.q_proj.weight", queries, hidden),
        new TensorSpec(prefix + "self_attn.k_proj.weight", keys, hidden),
        new TensorSpec(prefix + "self_attn.v_proj.weight", keys, hidden),
        new TensorSpec(prefix + "self_attn.o_proj.weight", hidden, queries),
        new TensorSpec(prefix + "post_attention_layernorm.weight", 1, hidden),
        new TensorSpec(prefix + "mlp.gate_proj.weight", inner, hidden),
        new TensorSpec(prefix + "mlp.up_proj.weight", inner, hidden),
        new TensorSpec(prefix + "mlp.down_proj.weight", hidden, inner));
  }
}
