package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.kernel.ladder.TextEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** BERT encoders that turn texts to vectors, with the settings of sentence-transformers. */
final class BertArchitecture implements Architecture {
  private static final String POOLING = "1_Pooling/config.json";
  private static final String SENTENCES = "sentence_bert_config.json";

  /** By name in config.json. */
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "gelu", EncoderShape.GELU,
          "gelu_new", EncoderShape.GELU_TANH,
          "gelu_pytorch_tanh", EncoderShape.GELU_TANH);

  @Override
  public String modelClass() {
    return "BertModel";
  }

  @Override
  public ModelDescription describe(JsonObject config, SettingsFiles files) {
    requireSupported(config);
    EncoderShape shape = shape(config);
    int vocabSize = config.count("vocab_size");
    int positions = config.count("max_position_embeddings");
    int segments = config.count("type_vocab_size", 2);
    KnownSettings.requireAllRead(config, modelClass());
    int maxTokens = Math.min(positions, files.read(SENTENCES).count("max_seq_length", positions));
    TextEncoder encoder = new TextEncoder(shape, pooling(files.read(POOLING)), true, maxTokens);
    TextEncoderTensors tensors = TextEncoderTensors.of(vocabSize, positions, shape);
    return new ModelDescription(
        new ArchitectureConfig(
            "bert",
            shape.hiddenSize(),
            shape.layers(),
            shape.heads(),
            shape.heads(),
            shape.hiddenSize() / shape.heads(),
            shape.intermediateSize(),
            vocabSize,
            maxTokens,
            1,
            null,
            shape.normEps(),
            true,
            StartToken.of(files, vocabSize),
            List.of(),
            null,
            encoder,
            null),
        tensors,
        views(tensors, segments),
        List.of(POOLING, SENTENCES, StartToken.TOKENIZER_CONFIG));
  }

  private static void requireSupported(JsonObject config) {
    String positions = config.string("position_embedding_type", "absolute");
    require(positions.equals("absolute"), "position_embedding_type", positions, "absolute");
    require(!config.flag("is_decoder", false), "is_decoder", true, "false");
    require(!config.has("quantization_config"), "quantization_config", "present", "none");
    // There is no head to tie.
    config.flag("tie_word_embeddings", true);
  }

  private static EncoderShape shape(JsonObject config) {
    int hidden = config.count("hidden_size");
    int heads = config.count("num_attention_heads");
    int layers = config.count("num_hidden_layers");
    String activation = config.string("hidden_act", "gelu");
    require(hidden % heads == 0, "num_attention_heads", heads, "a divisor of " + hidden);
    require(
        layers <= DecoderArchitecture.MOST_LAYERS,
        "num_hidden_layers",
        layers,
        "at most " + DecoderArchitecture.MOST_LAYERS);
    require(
        ACTIVATIONS.containsKey(activation),
        "hidden_act",
        activation,
        String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    return new EncoderShape(
        hidden,
        layers,
        heads,
        config.count("intermediate_size"),
        ACTIVATIONS.get(activation),
        false,
        config.positive("layer_norm_eps", 1e-12));
  }

  private static String pooling(JsonObject pooling) {
    boolean first = pooling.flag("pooling_mode_cls_token", false);
    boolean mean = pooling.flag("pooling_mode_mean_tokens", !first);
    for (Map.Entry<String, Object> other : pooling.unread().entrySet()) {
      if (other.getKey().startsWith("pooling_mode_") && Boolean.TRUE.equals(other.getValue())) {
        throw pooling.wrong(other.getKey(), "mean or first token");
      }
    }
    if (first == mean) {
      throw pooling.wrong("pooling_mode_mean_tokens", "either mean or first token");
    }
    return first ? TextEncoder.FIRST : TextEncoder.MEAN;
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new CheckpointProblem.UnsupportedConfig(key, value, "supported: " + expected);
    }
  }

  private static Map<String, TensorView> views(TextEncoderTensors tensors, int segments) {
    StoredNames names = new StoredNames(new HashMap<>());
    names.of(tensors.embedding(), "embeddings.word_embeddings.weight");
    names.of(tensors.positions(), "embeddings.position_embeddings.weight");
    names.rowsOf(tensors.segment(), "embeddings.token_type_embeddings.weight", segments);
    names.of(tensors.norm(), "embeddings.LayerNorm");
    for (int i = 0; i < tensors.encoder().layers().size(); i++) {
      EncoderTensors.Layer layer = tensors.encoder().layers().get(i);
      String prefix = "encoder.layer." + i + ".";
      names.of(layer.query(), prefix + "attention.self.query");
      names.of(layer.key(), prefix + "attention.self.key");
      names.of(layer.value(), prefix + "attention.self.value");
      names.of(layer.output(), prefix + "attention.output.dense");
      names.of(layer.attentionNorm(), prefix + "attention.output.LayerNorm");
      names.of(layer.up(), prefix + "intermediate.dense");
      names.of(layer.down(), prefix + "output.dense");
      names.of(layer.feedForwardNorm(), prefix + "output.LayerNorm");
    }
    return Map.copyOf(names.views());
  }
}
