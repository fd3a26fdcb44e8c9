package dev.facet.quantization.domain.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Reads how many tokens the tokens of each layer see. */
final class WindowReader {
  private static final int DEFAULT_WINDOW = 4096;
  private static final int GEMMA_PATTERN = 6;
  private static final String WINDOW = "sliding_window";
  private static final String LAYER_TYPES = "layer_types";

  private final DecoderFamily family;
  private final JsonObject config;
  private final int layers;

  WindowReader(DecoderFamily family, JsonObject config, int layers) {
    this.family = family;
    this.config = config;
    this.layers = layers;
  }

  /**
   * @param contextLength windows that are no shorter bound nothing
   * @return tokens that a token of each layer sees, 0 for all; empty if no layer has a window
   */
  List<Integer> read(int contextLength) {
    List<Integer> windows =
        switch (family) {
          case LLAMA -> List.of();
          case MISTRAL -> everywhere(config.isNull(WINDOW) ? 0 : window());
          case PHI3 -> everywhere(config.has(WINDOW) ? window() : 0);
          case QWEN2, QWEN3 -> ofQwen();
          case GEMMA3 -> byType(window(), this::localInGemma);
        };
    boolean bound = windows.stream().anyMatch(window -> window > 0 && window < contextLength);
    return bound ? windows.stream().map(w -> w < contextLength ? w : 0).toList() : List.of();
  }

  private int window() {
    return config.count(WINDOW, DEFAULT_WINDOW);
  }

  private List<Integer> everywhere(int window) {
    return Collections.nCopies(layers, window);
  }

  private List<Integer> ofQwen() {
    int window = window();
    int full = config.count("max_window_layers", Math.min(28, layers));
    return config.flag("use_sliding_window", false)
        ? byType(window, layer -> layer >= full)
        : byType(0, layer -> false);
  }

  private boolean localInGemma(int layer) {
    int pattern =
        config.count(
            "sliding_window_pattern", config.count("_sliding_window_pattern", GEMMA_PATTERN));
    return (layer + 1) % pattern != 0;
  }

  /**
   * @param local whether a layer has a window, where config.json does not list the layers' types
   */
  private List<Integer> byType(int window, IntPredicate local) {
    if (!config.has(LAYER_TYPES)) {
      return IntStream.range(0, layers).mapToObj(i -> local.test(i) ? window : 0).toList();
    }
    return config.strings(LAYER_TYPES, layers).stream()
        .map(type -> windowOf(type, window))
        .toList();
  }

  private static int windowOf(String type, int window) {
    return switch (type) {
      case "full_attention" -> 0;
      case "sliding_attention" -> window;
      default ->
          throw new CheckpointProblem.UnsupportedConfig(
              LAYER_TYPES, type, "supported: full_attention, sliding_attention");
    };
  }
}
