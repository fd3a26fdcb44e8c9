package dev.facet.kernel.ladder;

/**
 * A model that turns a text to one vector.
 *
 * @param pooling {@code mean} of all tokens' vectors, or {@code first}: that of the first token
 * @param normalized whether vectors are scaled to length 1
 * @param maxTokens texts are cut to so many tokens, the first special one included
 */
public record TextEncoder(EncoderShape shape, String pooling, boolean normalized, int maxTokens) {
  public static final String MEAN = "mean";
  public static final String FIRST = "first";
}
