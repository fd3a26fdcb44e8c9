package dev.facet.kernel.messaging;

/**
 * A record that is no event of ours. Thrown in a consumer it sends the record to the dead-letter
 * topic.
 */
public final class MalformedEvent extends RuntimeException {
  public MalformedEvent(String message, Throwable cause) {
    super(message, cause);
  }
}
