package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.DecoderTraits;
import java.util.ArrayList;
import java.util.List;

/** Reads the configuration of a decoder. */
final class DecoderArchitecture implements Architecture {
  /** No model comes near; a count that is a lie does not fill the heap. */
  static final int MOST_LAYERS = 1 << 12;

  /** Outputs of one matrix. */
  static final int WIDEST = 1 << 30;

  private final DecoderFamily family;

  DecoderArchitecture(DecoderFamily family) {
    this.family = family;
  }

  @Override
  public String modelClass() {
    return family.modelClass;
  }

  @Override
  public ModelDescription describe(JsonObject config, SettingsFiles files) {
    requireSupported(config);
    ArchitectureConfig shape = shape(config, files.read(CheckpointFiles.GENERATION_CONFIG));
    double scoreScale = scoreScale(config, shape.headDim());
    KnownSettings.requireAllRead(config, modelClass());
    DecoderTensors tensors = DecoderTensors.of(shape);
    return new ModelDescription(
        shape, tensors, new DecoderViews(family, shape, scoreScale).of(tensors), List.of());
  }

  private ArchitectureConfig shape(JsonObject config, JsonObject generation) {
    int hiddenSize = config.count("hidden_size");
    int heads = config.count("num_attention_heads");
    int kvHeads = kvHeads(config, heads);
    int headDim = config.count("head_dim", family.headDim(hiddenSize, heads));
    int vocabSize = config.count("vocab_size");
    require(heads % kvHeads == 0, "num_key_value_heads", kvHeads, "it must divide " + heads);
    require(headDim % 2 == 0, "head_dim", headDim, "rotary positions need an even one");
    require((long) heads * headDim <= WIDEST, "head_dim", headDim, "all heads are too wide");
    int layers = config.count("num_hidden_layers");
    require(layers <= MOST_LAYERS, "num_hidden_layers", layers, "at most " + MOST_LAYERS);
    int contextLength = config.count("max_position_embeddings");
    RotaryReader.Rotary rotary = new RotaryReader(family, config, headDim, contextLength).read();
    List<Integer> windows = new WindowReader(family, config, layers).read(contextLength);
    return new ArchitectureConfig(
        family.architecture,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        config.count("intermediate_size"),
        vocabSize,
        contextLength,
        rotary.theta(),
        rotary.scaling(),
        config.positive("rms_norm_eps", family.normEps()),
        config.flag("tie_word_embeddings", family.tiedEmbeddings()),
        bosTokenId(config, vocabSize),
        eosTokenIds(config, generation, vocabSize),
        traits(config, rotary, windows),
        null,
        null);
  }

  private int kvHeads(JsonObject config, int heads) {
    boolean mayBeAbsent = family == DecoderFamily.LLAMA || family == DecoderFamily.PHI3;
    return mayBeAbsent
        ? config.count("num_key_value_heads", heads)
        : config.count("num_key_value_heads");
  }

  private DecoderTraits traits(
      JsonObject config, RotaryReader.Rotary rotary, List<Integer> windows) {
    boolean gemma = family == DecoderFamily.GEMMA3;
    return new DecoderTraits(
        gemma ? DecoderTraits.GELU_TANH : DecoderTraits.SILU,
        biases(config),
        family.qkNorm(),
        family.postNorms(),
        windows,
        windows.isEmpty() ? null : rotary.windowTheta(),
        rotary.dims(),
        gemma ? softcap(config, "attn_logit_softcapping") : null,
        gemma ? softcap(config, "final_logit_softcapping") : null);
  }

  private List<String> biases(JsonObject config) {
    List<String> biases = new ArrayList<>(family.fixedBiases());
    if (!family.attentionBiases().isEmpty() && config.flag("attention_bias", false)) {
      biases.addAll(family.attentionBiases());
    }
    if (!family.feedForwardBiases().isEmpty() && config.flag("mlp_bias", false)) {
      biases.addAll(family.feedForwardBiases());
    }
    return biases;
  }

  private static Double softcap(JsonObject config, String key) {
    return config.has(key) ? config.positive(key) : null;
  }

  /** By which scores are larger than queries times keys over the root of a head's size. */
  private double scoreScale(JsonObject config, int headDim) {
    return family == DecoderFamily.GEMMA3
        ? Math.sqrt(headDim / config.positive("query_pre_attn_scalar", 256))
        : 1;
  }

  private void requireSupported(JsonObject config) {
    require(
        !config.has("quantization_config"),
        "quantization_config",
        "present",
        "give the checkpoint before quantization");
    String activation = config.string(family.activationKey(), family.activation());
    require(
        activation.equals(family.activation()),
        family.activationKey(),
        activation,
        "supported: " + family.activation());
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new CheckpointProblem.UnsupportedConfig(key, value, expected);
    }
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
}
