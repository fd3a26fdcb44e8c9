package dev.facet.quantization.domain.codec;

/** A segment or a set of segments that the codec's specification does not allow. */
public final class MalformedPlaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedPlaneException(String message) {
    super(message);
  }
}
