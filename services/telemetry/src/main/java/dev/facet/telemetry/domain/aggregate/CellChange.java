package dev.facet.telemetry.domain.aggregate;

import dev.facet.kernel.event.ClientMetricsReported.Failure;
import dev.facet.kernel.event.ClientMetricsReported.Generation;
import dev.facet.kernel.event.ClientMetricsReported.Load;
import dev.facet.kernel.event.ClientMetricsReported.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a stretch of the log adds to one cell, and to the votes of its sessions there. */
public final class CellChange {
  private final List<Double> decodeMs = new ArrayList<>();
  private final List<Double> firstTokenMs = new ArrayList<>();
  private final List<Double> readyMs = new ArrayList<>();
  private final SortedMap<String, VoteChange> sessions = new TreeMap<>();
  private final Measures measures = new Measures();
  private long loads;
  private long generations;
  private long failures;
  private long tokens;

  void add(String session, Load load) {
    loads++;
    readyMs.add(load.readyMs());
    measures.add(load);
    seen(session, load.source());
  }

  /** A pinned plan is measured like any other but does not vote: nobody's choice depends on it. */
  void add(String session, Generation generation) {
    generations++;
    tokens += generation.tokens();
    if (generation.timeToFirstTokenMs() != null) {
      firstTokenMs.add(generation.timeToFirstTokenMs());
    }
    VoteChange vote = seen(session, generation.source());
    if (generation.decodeMsPerToken() != null) {
      decodeMs.add(generation.decodeMsPerToken());
      if (!generation.source().pinned()) {
        vote.vote(generation.decodeMsPerToken());
      }
    }
    measures.add(generation);
  }

  void add(String session, Failure failure) {
    failures++;
    measures.add(failure);
    seen(session, failure.source());
  }

  private VoteChange seen(String session, Source source) {
    VoteChange vote = sessions.computeIfAbsent(session, absent -> new VoteChange());
    vote.seen(source.at());
    return vote;
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

  /** Sessions that were here, with what they say. */
  public SortedMap<String, VoteChange> sessions() {
    return sessions;
  }

  /** What else was measured. */
  public Measures measures() {
    return measures;
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
}
