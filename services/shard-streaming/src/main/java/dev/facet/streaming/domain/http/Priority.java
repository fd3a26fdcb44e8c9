package dev.facet.streaming.domain.http;

/**
 * How soon a client wants a response (RFC 9218).
 *
 * @param urgency 0, the most urgent, to 7
 * @param incremental whether parts of the response are of use before the whole is there
 */
public record Priority(int urgency, boolean incremental) {
  private static final int LEAST = 7;

  /** What holds where a client says nothing. */
  public static final Priority DEFAULT = new Priority(3, false);

  /**
   * Reads a Priority header. What is unknown or out of range in it is as if it were not there.
   *
   * @param header null when absent
   */
  public static Priority of(String header) {
    Priority priority = DEFAULT;
    if (header != null) {
      for (String member : header.split(",")) {
        priority = priority.with(member.strip().split(";", 2)[0]);
      }
    }
    return priority;
  }

  private Priority with(String member) {
    return switch (member) {
      case "i", "i=?1" -> new Priority(urgency, true);
      case "i=?0" -> new Priority(urgency, false);
      default -> member.matches("u=[0-9]") ? withUrgency(member.charAt(2) - '0') : this;
    };
  }

  private Priority withUrgency(int wanted) {
    return wanted <= LEAST ? new Priority(wanted, incremental) : this;
  }
}
