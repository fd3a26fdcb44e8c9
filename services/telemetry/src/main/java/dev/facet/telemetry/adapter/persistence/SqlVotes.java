package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.aggregate.CellChange;
import dev.facet.telemetry.domain.aggregate.CellKey;
import dev.facet.telemetry.domain.aggregate.VoteChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Votes of sessions. The lock on a partition is a lock on the votes of its sessions, so they are
 * read, merged and written without one of their own.
 */
final class SqlVotes {
  private static final String VOTES =
      """
      select model, device_class, point, window_start, session, votes_ms from session_window
      where (model, device_class, point, window_start, session) in (
        select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[]))
        and votes_ms is not null""";
  private static final String SAVE =
      """
      insert into session_window
        (model, device_class, point, window_start, session, last_at, votes_ms, vote_ms)
      select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[],
        ?::timestamptz[], ?::bytea[], ?::float8[])
      on conflict (model, device_class, point, window_start, session) do update set
        last_at = greatest(session_window.last_at, excluded.last_at), recorded_at = now(),
        votes_ms = coalesce(excluded.votes_ms, session_window.votes_ms),
        vote_ms = coalesce(excluded.vote_ms, session_window.vote_ms)""";

  /** A session in a cell. */
  private record Key(CellKey cell, String session) {}

  private record Vote(Key key, VoteChange change, QuantileSketch votes) {}

  private SqlVotes() {}

  static void add(Connection connection, SortedMap<CellKey, CellChange> cells) throws SQLException {
    List<Key> voters = new ArrayList<>();
    cells.forEach(
        (cell, change) ->
            change.sessions().forEach((session, vote) -> voters.add(new Key(cell, session))));
    Map<Key, QuantileSketch> before = before(connection, voters);
    List<Vote> votes = new ArrayList<>();
    for (Key key : voters) {
      VoteChange change = cells.get(key.cell()).sessions().get(key.session());
      QuantileSketch sketch = before.getOrDefault(key, QuantileSketch.empty());
      votes.add(new Vote(key, change, sketch.add(change.votes())));
    }
    save(connection, votes);
  }

  private static Map<Key, QuantileSketch> before(Connection connection, List<Key> voters)
      throws SQLException {
    Map<Key, QuantileSketch> before = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(VOTES)) {
      new CellColumns<>(connection, statement, voters, Key::cell).add("text", Key::session);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Key key = new Key(CellColumns.key(rows), rows.getString(5));
          before.put(key, QuantileSketch.read(rows.getBytes(6)));
        }
      }
    }
    return before;
  }

  private static void save(Connection connection, List<Vote> votes) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
      new CellColumns<>(connection, statement, votes, vote -> vote.key().cell())
          .add("text", vote -> vote.key().session())
          .add("timestamptz", vote -> vote.change().lastAt().atOffset(ZoneOffset.UTC))
          .add("bytea", vote -> vote.votes().bytes())
          .add("float8", vote -> vote.votes().median());
      statement.executeUpdate();
    }
  }
}
