package dev.facet.streaming.adapter.http;

import dev.facet.streaming.domain.http.Priority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which of a connection's responses writes (RFC 9218): the most urgent, of equally urgent ones the
 * first that was asked for, together with the others if they are all incremental.
 */
final class Turns {
  private static final Comparator<PacedResponse> MOST_URGENT_FIRST =
      Comparator.comparingInt(response -> response.priority().urgency());

  private final Runnable whenEmpty;
  private final List<PacedResponse> responses = new ArrayList<>();

  /**
   * @param whenEmpty told when the last response has left
   */
  Turns(Runnable whenEmpty) {
    this.whenEmpty = whenEmpty;
  }

  void enter(PacedResponse response) {
    responses.add(response);
    responses.sort(MOST_URGENT_FIRST);
  }

  void leave(PacedResponse response) {
    if (!responses.remove(response)) {
      return;
    }
    if (responses.isEmpty()) {
      whenEmpty.run();
    } else {
      passOn();
    }
  }

  boolean has(PacedResponse response) {
    for (PacedResponse first : responses) {
      if (!first.stalled()) {
        return first == response || together(first.priority(), response.priority());
      }
    }
    return true;
  }

  private static boolean together(Priority first, Priority other) {
    return first.urgency() == other.urgency() && first.incremental() && other.incremental();
  }

  /** Those that may write now go on. */
  void passOn() {
    List.copyOf(responses).forEach(PacedResponse::proceed);
  }
}
