package dev.facet.quantization.application;

/**
 * A blob that was stored and is not there whole. Trying again may help; the caller's task is not at
 * fault.
 */
public final class MissingBlob extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MissingBlob(String sha256, String why, Throwable cause) {
    super("blob " + sha256 + " " + why, cause);
  }
}
