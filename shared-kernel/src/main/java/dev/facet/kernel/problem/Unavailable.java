package dev.facet.kernel.problem;

import java.util.Map;

/** Something that is needed does not answer; the same request may succeed soon. */
public final class Unavailable extends DomainProblem {
  private static final int RETRY_SECONDS = 5;

  /**
   * @param what does not answer, for example {@code blob store}
   * @param cause for the log; the caller is not told
   */
  public Unavailable(String what, Throwable cause) {
    super(
        "unavailable",
        503,
        "Something needed does not answer",
        "The %s does not answer; try again in %d seconds.".formatted(what, RETRY_SECONDS),
        Map.of("what", what));
    initCause(cause);
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Retry-After", Integer.toString(RETRY_SECONDS));
  }
}
