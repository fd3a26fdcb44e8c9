package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.EncoderShape;
import dev.facet.kernel.ladder.VisionTower;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** LLaVA: a CLIP vision tower whose patches a projector turns to what a decoder reads. */
final class LlavaArchitecture implements Architecture {
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String DECODER = "language_model.";
  private static final String TOWER = "vision_tower.";

  /** By name in config.json. */
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "gelu", EncoderShape.GELU,
          "gelu_pytorch_tanh", EncoderShape.GELU_TANH,
          "quick_gelu", EncoderShape.QUICK_GELU);

  @Override
  public String modelClass() {
    return "LlavaForConditionalGeneration";
  }

  @Override
  public ModelDescription describe(JsonObject config, SettingsFiles files) {
    requireSupported(config);
    ModelDescription text = decoder(config.object("text_config")).describe(text(config), files);
    VisionTower tower = tower(config, files.read(PREPROCESSOR), text.config().vocabSize());
    KnownSettings.requireAllRead(config, modelClass());
    DecoderTensors decoder = (DecoderTensors) text.tensors();
    VisionLanguageTensors tensors = VisionLanguageTensors.of(tower, decoder);
    Map<String, TensorView> views = new HashMap<>(views(tensors));
    text.views().forEach((name, view) -> views.put(name, view.prefixed(DECODER)));
    return new ModelDescription(
        text.config().with("llava", tower), tensors, Map.copyOf(views), List.of(PREPROCESSOR));
  }

  private static JsonObject text(JsonObject config) {
    return config.object("text_config");
  }

  private static Architecture decoder(JsonObject text) {
    String family = text.string("model_type");
    return Arrays.stream(DecoderFamily.values())
        .filter(each -> each.architecture.equals(family))
        .findFirst()
        .map(DecoderArchitecture::new)
        .orElseThrow(
            () ->
                new CheckpointProblem.UnsupportedConfig(
                    "text_config.model_type", family, "supported: the decoders"));
  }

  private static void requireSupported(JsonObject config) {
    require(!config.has("quantization_config"), "quantization_config", "present", "none");
    require(
        config.flag("multimodal_projector_bias", true), "multimodal_projector_bias", false, "true");
    String select = config.string("vision_feature_select_strategy", "default");
    require(select.equals("default"), "vision_feature_select_strategy", select, "default");
    // The decoder's own setting counts; the number of image tokens follows from the tower.
    config.flag("tie_word_embeddings", false);
    config.count("image_seq_length", 1);
  }

  private static VisionTower tower(JsonObject config, JsonObject pictures, int vocabSize) {
    JsonObject vision = config.object("vision_config");
    String type = vision.string("model_type", "clip_vision_model");
    require(
        type.equals("clip_vision_model"), "vision_config.model_type", type, "clip_vision_model");
    int colours = vision.count("num_channels", VisionLanguageTensors.COLOURS);
    require(colours == VisionLanguageTensors.COLOURS, "vision_config.num_channels", colours, "3");
    int imageSize = vision.count("image_size");
    int patchSize = vision.count("patch_size");
    require(
        imageSize % patchSize == 0, "vision_config.patch_size", patchSize, "a divisor of the size");
    EncoderShape shape = shape(vision, config.integer("vision_feature_layer", -2));
    // Text and pictures are not compared: the projection to their common space is not used.
    vision.count("projection_dim", 1);
    KnownSettings.requireAllRead(vision, "CLIPVisionModel");
    String key = config.has("image_token_id") ? "image_token_id" : "image_token_index";
    List<Integer> token = config.tokenIds(key, vocabSize);
    if (token.size() != 1) {
      throw config.wrong(key, "one token id");
    }
    return new VisionTower(
        shape,
        imageSize,
        patchSize,
        colours(pictures, "image_mean", List.of(0.48145466, 0.4578275, 0.40821073)),
        colours(pictures, "image_std", List.of(0.26862954, 0.26130258, 0.27577711)),
        activation(config, "projector_hidden_act", "gelu"),
        token.get(0));
  }

  /** Defaults are those that CLIP was trained with. */
  private static List<Double> colours(JsonObject pictures, String key, List<Double> absent) {
    return pictures.has(key) ? pictures.positives(key, VisionLanguageTensors.COLOURS) : absent;
  }

  /**
   * @param layer whose result is used: counted from 1, or from -1 backwards
   */
  private static EncoderShape shape(JsonObject vision, int layer) {
    int hidden = vision.count("hidden_size");
    int heads = vision.count("num_attention_heads");
    int layers = vision.count("num_hidden_layers");
    int used = layer < 0 ? layers + 1 + layer : layer;
    require(
        hidden % heads == 0, "vision_config.num_attention_heads", heads, "a divisor of " + hidden);
    require(
        used >= 1 && used <= Math.min(layers, DecoderArchitecture.MOST_LAYERS),
        "vision_feature_layer",
        layer,
        "one of the tower's layers");
    return new EncoderShape(
        hidden,
        used,
        heads,
        vision.count("intermediate_size"),
        activation(vision, "hidden_act", "quick_gelu"),
        true,
        vision.positive("layer_norm_eps", 1e-5));
  }

  private static String activation(JsonObject config, String key, String absent) {
    String activation = config.string(key, absent);
    require(
        ACTIVATIONS.containsKey(activation),
        config.place(key),
        activation,
        String.join(", ", ACTIVATIONS.keySet().stream().sorted().toList()));
    return ACTIVATIONS.get(activation);
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new CheckpointProblem.UnsupportedConfig(key, value, "supported: " + expected);
    }
  }

  private static Map<String, TensorView> views(VisionLanguageTensors tensors) {
    StoredNames names = new StoredNames(new HashMap<>());
    names.of(tensors.patches(), TOWER + "embeddings.patch_embedding.weight");
    names.of(tensors.leading(), TOWER + "embeddings.class_embedding");
    names.of(tensors.positions(), TOWER + "embeddings.position_embedding.weight");
    // The name has lacked a letter since the model was published.
    names.of(tensors.norm(), TOWER + "pre_layrnorm");
    for (int i = 0; i < tensors.encoder().layers().size(); i++) {
      EncoderTensors.Layer layer = tensors.encoder().layers().get(i);
      String prefix = TOWER + "encoder.layers." + i + ".";
      names.of(layer.attentionNorm(), prefix + "layer_norm1");
      names.of(layer.query(), prefix + "self_attn.q_proj");
      names.of(layer.key(), prefix + "self_attn.k_proj");
      names.of(layer.value(), prefix + "self_attn.v_proj");
      names.of(layer.output(), prefix + "self_attn.out_proj");
      names.of(layer.feedForwardNorm(), prefix + "layer_norm2");
      names.of(layer.up(), prefix + "mlp.fc1");
      names.of(layer.down(), prefix + "mlp.fc2");
    }
    names.of(tensors.first(), "multi_modal_projector.linear_1");
    names.of(tensors.second(), "multi_modal_projector.linear_2");
    return names.views();
  }
}
