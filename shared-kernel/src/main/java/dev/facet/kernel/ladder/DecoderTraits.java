package dev.facet.kernel.ladder;

import java.util.List;

/**
 * What sets a decoder apart from a plain Llama decoder.
 *
 * @param activation of the gated feed-forward: {@code silu} or {@code gelu-tanh}
 * @param biases linear layers that add a bias: {@code query}, {@code key}, {@code value}, {@code
 *     output}, {@code gate}, {@code up}, {@code down}
 * @param qkNorm whether queries and keys are normed head by head, before they are turned
 * @param postNorms whether the results of attention and feed-forward are normed before they are
 *     added to the residual stream
 * @param windows of each layer: how many tokens a token sees, itself included; 0 for all. No entry
 *     where no layer has a window
 * @param windowRopeTheta rotary base of the layers with a window, whose positions are not
 *     stretched; null where all layers turn alike
 * @param rotaryDims elements of a head that turn with its position: the first half of them at the
 *     start of the head's first half, the other at the start of its second; null for all
 * @param attentionSoftcap scores are held within plus and minus this, by tanh; null for no bound
 * @param finalSoftcap the same for logits
 */
public record DecoderTraits(
    String activation,
    List<String> biases,
    boolean qkNorm,
    boolean postNorms,
    List<Integer> windows,
    Double windowRopeTheta,
    Integer rotaryDims,
    Double attentionSoftcap,
    Double finalSoftcap) {
  public static final String SILU = "silu";
  public static final String GELU_TANH = "gelu-tanh";

  /** Those of Llama. */
  public static final DecoderTraits PLAIN =
      new DecoderTraits(SILU, List.of(), false, false, List.of(), null, null, null, null);

  public DecoderTraits {
    biases = List.copyOf(biases);
    windows = List.copyOf(windows);
  }

  /**
   * Tokens that a token of the layer sees, itself included; as many as there are without a window.
   */
  public int window(int layer) {
    int window = windows.isEmpty() ? 0 : windows.get(layer);
    return window == 0 ? Integer.MAX_VALUE : window;
  }
}
