package dev.facet.kernel.ladder;

/**
 * A transformer in which every position sees every other: layer norms and biases throughout, a
 * feed-forward of two linear layers.
 *
 * @param activation of the feed-forward: {@code gelu}, {@code gelu-tanh} or {@code quick-gelu}
 * @param normFirst whether a norm comes before attention and feed-forward, or after each has been
 *     added to the residual stream
 */
public record EncoderShape(
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    String activation,
    boolean normFirst,
    double normEps) {
  public static final String GELU = "gelu";
  public static final String GELU_TANH = "gelu-tanh";
  public static final String QUICK_GELU = "quick-gelu";
}
