package dev.facet.telemetry.domain.aggregate;

import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one batch adds to one cell, and to its session's vote there. */
public final class CellChange {
  private final List<Double> decodeMs = new ArrayList<>();
  private final List<Double> firstTokenMs = new ArrayList<>();
  private final List<Double> readyMs = new ArrayList<>();
  private final List<Double> votes = new ArrayList<>();
  private long loads;
  private long generations;
  private long failures;
  private long tokens;
  private Instant lastAt = Instant.MIN;

  void add(Load load) {
    loads++;
    readyMs.add(load.readyMs());
    seen(load.source().at());
  }

  /** A pinned plan is measured like any other but does not vote: nobody's choice depends on it. */
  void add(Generation generation) {
    generations++;
    tokens += generation.tokens();
    if (generation.timeToFirstTokenMs() != null) {
      firstTokenMs.add(generation.timeToFirstTokenMs());
    }
    if (generation.decodeMsPerToken() != null) {
      decodeMs.add(generation.decodeMsPerToken());
      if (!generation.source().pinned()) {
        votes.add(generation.decodeMsPerToken());
      }
    }
    seen(generation.source().at());
  }

  void add(Failure failure) {
    failures++;
    seen(failure.source().at());
  }

  private void seen(Instant at) {
    lastAt = at.isAfter(lastAt) ? at : lastAt;
  }

  /** Decode milliseconds a token, one for each generation that could tell. */
  public List<Double> decodeMs() {
    return decodeMs;
  }

  /** Milliseconds to the first token. */
  public List<Double> firstTokenMs() {
    return firstTokenMs;
  }

  /** Milliseconds from call to readiness, one for each load. */
  public List<Double> readyMs() {
    return readyMs;
  }

  /** The part of {@link #decodeMs()} that counts for the session's vote. */
  public List<Double> votes() {
    return votes;
  }

  public long events() {
    return loads + generations + failures;
  }

  public long loads() {
    return loads;
  }

  public long generations() {
    return generations;
  }

  public long failures() {
    return failures;
  }

  /** Tokens generated. */
  public long tokens() {
    return tokens;
  }

  /** When the latest of the events happened. */
  public Instant lastAt() {
    return lastAt;
  }
}
