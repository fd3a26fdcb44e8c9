package dev.facet.telemetry.domain.aggregate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a stretch of the log adds to the vote of one session in one cell. */
public final class VoteChange {
  private final List<Double> votes = new ArrayList<>();
  private Instant lastAt = Instant.MIN;

  void seen(Instant at) {
    lastAt = at.isAfter(lastAt) ? at : lastAt;
  }

  void vote(double msPerToken) {
    votes.add(msPerToken);
  }

  /** Decode milliseconds a token that count for the vote; empty where the session has none. */
  public List<Double> votes() {
    return votes;
  }

  /** When the latest of the events happened. */
  public Instant lastAt() {
    return lastAt;
  }
}
