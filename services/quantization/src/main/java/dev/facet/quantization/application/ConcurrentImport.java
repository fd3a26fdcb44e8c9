package dev.facet.quantization.application;

/** Another request has stored a model under the same id a moment ago. Looking again shows it. */
public final class ConcurrentImport extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConcurrentImport(Throwable cause) {
    super("the model id was taken at the same moment", cause);
  }
}
