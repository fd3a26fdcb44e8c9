package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.RopeScaling;

/**
 * Reads rotary settings, from {@code rope_parameters} (transformers 5) or {@code rope_theta} and
 * {@code rope_scaling} (before).
 */
final class RotaryReader {
  private static final String PARAMETERS = "rope_parameters";
  private static final String SCALING = "rope_scaling";
  private static final String THETA = "rope_theta";
  private static final String LOCAL_THETA = "rope_local_base_freq";
  private static final String PARTIAL = "partial_rotary_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final double GEMMA_LOCAL_THETA = 10_000;

  /**
   * @param windowTheta base of the layers with a window; null where it is that of all
   * @param dims elements of a head that turn; null for all
   */
  record Rotary(double theta, RopeScaling scaling, Double windowTheta, Integer dims) {}

  private final DecoderFamily family;
  private final JsonObject config;
  private final int headDim;
  private final int contextLength;

  RotaryReader(DecoderFamily family, JsonObject config, int headDim, int contextLength) {
    this.family = family;
    this.config = config;
    this.headDim = headDim;
    this.contextLength = contextLength;
  }

  Rotary read() {
    if (family == DecoderFamily.PHI3) {
      // It stands there even where no scaling uses it.
      config.count(ORIGINAL, contextLength);
    }
    if (!config.has(PARAMETERS)) {
      return before5();
    }
    JsonObject parameters = config.object(PARAMETERS);
    if (family != DecoderFamily.GEMMA3) {
      return of(parameters, null);
    }
    JsonObject local = parameters.object("sliding_attention");
    double windowTheta = local.positive(THETA, GEMMA_LOCAL_THETA);
    requireType(local, "default");
    KnownSettings.requireAllRead(local, family.modelClass);
    return of(parameters.object("full_attention"), windowTheta);
  }

  private Rotary before5() {
    Double windowTheta =
        family == DecoderFamily.GEMMA3 ? config.positive(LOCAL_THETA, GEMMA_LOCAL_THETA) : null;
    if (config.has(SCALING)) {
      return of(config.object(SCALING), windowTheta);
    }
    return new Rotary(theta(), null, windowTheta, dims(config));
  }

  private double theta() {
    return config.positive(THETA, family.ropeTheta());
  }

  private Rotary of(JsonObject rope, Double windowTheta) {
    double theta = rope.has(THETA) ? rope.positive(THETA) : theta();
    Integer dims = dims(rope.has(PARTIAL) ? rope : config);
    String type = rope.string("rope_type", rope.string("type", "default"));
    RopeScaling scaling =
        switch (type) {
          case "default" -> null;
          case "llama3" -> llama3(rope);
          case "linear" -> RopeScaling.linear(rope.positive("factor"), contextLength);
          case "longrope", "su" -> longrope(rope, (dims == null ? headDim : dims) / 2);
          default -> throw badType(rope, type, "default, llama3, linear, longrope");
        };
    KnownSettings.requireAllRead(rope, family.modelClass);
    return new Rotary(theta, scaling, windowTheta, dims);
  }

  private static void requireType(JsonObject rope, String expected) {
    String type = rope.string("rope_type", rope.string("type", expected));
    if (!type.equals(expected)) {
      throw badType(rope, type, expected);
    }
  }

  private static CheckpointProblem badType(JsonObject rope, String type, String supported) {
    return new CheckpointProblem.UnsupportedConfig(
        rope.place("rope_type"), type, "supported: " + supported);
  }

  /** Only Phi 3 turns a part of each head. */
  private Integer dims(JsonObject place) {
    if (family != DecoderFamily.PHI3 || !place.has(PARTIAL)) {
      return null;
    }
    double share = place.positive(PARTIAL);
    int dims = (int) (headDim * share);
    if (share > 1 || dims < 2 || dims % 2 != 0) {
      throw new CheckpointProblem.UnsupportedConfig(
          place.place(PARTIAL), share, "it must leave an even number of a head's " + headDim);
    }
    return dims == headDim ? null : dims;
  }

  private static RopeScaling llama3(JsonObject rope) {
    double low = rope.positive("low_freq_factor");
    double high = rope.positive("high_freq_factor");
    if (high <= low) {
      throw new CheckpointProblem.UnsupportedConfig(
          rope.place("high_freq_factor"), high, "it must be above low_freq_factor");
    }
    return RopeScaling.llama3(rope.positive("factor"), low, high, rope.count(ORIGINAL));
  }

  private RopeScaling longrope(JsonObject rope, int frequencies) {
    int original = rope.count(ORIGINAL, config.count(ORIGINAL, contextLength));
    double given = rope.positive("factor", 1);
    double factor = original == contextLength ? given : (double) contextLength / original;
    double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return RopeScaling.longrope(
        rope.positives("short_factor", frequencies),
        rope.positives("long_factor", frequencies),
        rope.positive("attention_factor", usual),
        original);
  }
}
