package dev.facet.telemetry.domain.aggregate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Ids of events that have been counted, by session: no session can use up the ids of another. */
public final class CountedEvents {
  private final Map<String, Set<UUID>> known = new HashMap<>();
  private final Map<String, List<UUID>> added = new HashMap<>();

  /** Notes an event that was counted in an earlier transaction. */
  public void remember(String session, UUID event) {
    known.computeIfAbsent(session, absent -> new HashSet<>()).add(event);
  }

  /** Whether this event is new; from now on it is not. */
  boolean add(String session, UUID event) {
    boolean first = known.computeIfAbsent(session, absent -> new HashSet<>()).add(event);
    if (first) {
      added.computeIfAbsent(session, absent -> new ArrayList<>()).add(event);
    }
    return first;
  }

  /** Events that were new, by session. */
  public Map<String, List<UUID>> added() {
    return added;
  }
}
