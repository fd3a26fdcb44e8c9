package dev.facet.kernel.storage;

/** The S3 store that is configured cannot be one; the service must not start. */
public final class InvalidS3Settings extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidS3Settings(String message) {
    super(message);
  }
}
