package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.aggregate.CountedEvents;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/** How far the log is counted, and the ids of what was counted. */
final class SqlLog {
  private static final String ADVANCE =
      """
      insert into log_position (partition, next_offset)
      select * from unnest(?::int[], ?::bigint[])
      on conflict (partition) do update
        set next_offset = excluded.next_offset, counted_at = now()""";
  private static final String COUNTED =
      "select session, ids from counted_ids where session = any(?)";
  private static final String REMEMBER =
      "insert into counted_ids (session, ids) select * from unnest(?::text[], ?::bytea[])";
  private static final int ID_BYTES = 16;

  private SqlLog() {}

  /** Locks the partitions, in their order, until the transaction ends. */
  static void lock(Connection connection, SortedMap<Integer, Long> nextOffsets)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
      statement.setArray(1, connection.createArrayOf("int4", nextOffsets.keySet().toArray()));
      statement.setArray(2, connection.createArrayOf("int8", nextOffsets.values().toArray()));
      statement.executeUpdate();
    }
  }

  /** What has been counted of these sessions; asked once their partitions are locked. */
  static CountedEvents counted(Connection connection, Set<String> sessions) throws SQLException {
    CountedEvents counted = new CountedEvents();
    try (PreparedStatement statement = connection.prepareStatement(COUNTED)) {
      statement.setArray(1, connection.createArrayOf("text", sessions.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String session = rows.getString(1);
          ByteBuffer ids = ByteBuffer.wrap(rows.getBytes(2));
          while (ids.remaining() >= ID_BYTES) {
            counted.remember(session, new UUID(ids.getLong(), ids.getLong()));
          }
        }
      }
    }
    return counted;
  }

  static void remember(Connection connection, CountedEvents counted) throws SQLException {
    Map<String, List<UUID>> added = counted.added();
    byte[][] ids = added.values().stream().map(SqlLog::bytes).toArray(byte[][]::new);
    try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
      statement.setArray(1, connection.createArrayOf("text", added.keySet().toArray()));
      statement.setArray(2, connection.createArrayOf("bytea", ids));
      statement.executeUpdate();
    }
  }

  private static byte[] bytes(List<UUID> ids) {
    ByteBuffer bytes = ByteBuffer.allocate(ID_BYTES * ids.size());
    ids.forEach(
        id -> bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
    return bytes.array();
  }
}
