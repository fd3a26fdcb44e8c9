package dev.facet.kernel.ladder;

import java.util.List;

/**
 * What turns a picture to vectors that a decoder takes in the place of tokens: patches, an encoder,
 * a projector of two linear layers.
 *
 * @param imageSize of the square picture, in pixels
 * @param patchSize of a square patch; each gives one vector
 * @param mean of each colour, taken off first
 * @param deviation of each colour, divided by next; colours are 0 to 1
 * @param projectorActivation as in {@link EncoderShape}
 * @param imageTokenId the token whose places the vectors take
 */
public record VisionTower(
    EncoderShape shape,
    int imageSize,
    int patchSize,
    List<Double> mean,
    List<Double> deviation,
    String projectorActivation,
    int imageTokenId) {
  /** Vectors of a picture. */
  public int patches() {
    return (imageSize / patchSize) * (imageSize / patchSize);
  }
}
