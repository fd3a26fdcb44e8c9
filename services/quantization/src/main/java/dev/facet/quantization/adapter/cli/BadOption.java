package dev.facet.quantization.adapter.cli;

/** An option that cannot be followed; the message is a sentence for the user. */
final class BadOption extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadOption(String message) {
    super(message);
  }
}
