package dev.facet.streaming.domain.stream;

/**
 * Where a stream begins.
 *
 * @param firstFrame index of the first frame to send
 */
public record StreamPosition(int firstFrame) {
  /**
   * Reads {@code after=N}, which leaves out frames 0 to N.
   *
   * @param after null for the whole stream
   * @throws InvalidPosition if it is no frame number
   */
  public static StreamPosition after(String after) {
    if (after == null) {
      return new StreamPosition(0);
    }
    if (!after.matches("\\d{1,9}")) {
      throw new InvalidPosition(after);
    }
    return new StreamPosition(Integer.parseInt(after) + 1);
  }
}
