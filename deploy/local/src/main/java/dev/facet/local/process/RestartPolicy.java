package dev.facet.local.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How long to wait before a part that ended by itself is started again.
 *
 * <p>The pause doubles with each failure inside the window; too many of them mean that starting
 * again does not help. Not safe for use by several threads.
 */
public final class RestartPolicy {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private static final String WINDOW = "FACET_RESTART_WINDOW_SECONDS";
  private static final Duration WINDOW_UNLESS_SET = Duration.ofMinutes(5);
  private static final int MOST_DOUBLINGS = 10;

  private final int failuresAllowed;
  private final Duration window;
  private final Deque<Instant> failures = new ArrayDeque<>();

  /**
   * Six failures within five minutes are allowed; within a shorter time where {@code
   * FACET_RESTART_WINDOW_SECONDS} says so, as tests do that kill often.
   */
  public RestartPolicy() {
    this(6, window(System.getenv(WINDOW)));
  }

  private static Duration window(String seconds) {
    return seconds == null ? WINDOW_UNLESS_SET : Duration.ofSeconds(Long.parseLong(seconds));
  }

  RestartPolicy(int failuresAllowed, Duration window) {
    this.failuresAllowed = failuresAllowed;
    this.window = window;
  }

  /** Notes a failure; the pause before the next start, or empty when it is time to give up. */
  public Optional<Duration> afterFailure(Instant now) {
    while (!failures.isEmpty() && failures.peekFirst().isBefore(now.minus(window))) {
      failures.removeFirst();
    }
    failures.addLast(now);
    if (failures.size() > failuresAllowed) {
      return Optional.empty();
    }
    int doublings = Math.min(failures.size() - 1, MOST_DOUBLINGS);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return Optional.of(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
  }
}
