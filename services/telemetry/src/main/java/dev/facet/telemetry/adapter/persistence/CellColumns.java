package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.aggregate.CellKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

/** Rows of a statement as arrays of columns; the first four are a cell's key. */
final class CellColumns<T> {
  private final Connection connection;
  private final PreparedStatement statement;
  private final List<T> rows;
  private int columns;

  CellColumns(
      Connection connection, PreparedStatement statement, List<T> rows, Function<T, CellKey> key)
      throws SQLException {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
    add("text", row -> key.apply(row).model());
    add("text", row -> key.apply(row).deviceClass());
    add("text", row -> key.apply(row).point());
    add("timestamptz", row -> key.apply(row).windowStart().atOffset(ZoneOffset.UTC));
  }

  /** One more column, an array of this type. */
  CellColumns<T> add(String type, Function<T, Object> value) throws SQLException {
    Object[] values = rows.stream().map(value).toArray();
    Array array =
        type.equals("bytea")
            ? connection.createArrayOf(type, rows.stream().map(value).toArray(byte[][]::new))
            : connection.createArrayOf(type, values);
    statement.setArray(++columns, array);
    return this;
  }

  /** The key that a result's first four columns hold. */
  static CellKey key(ResultSet rows) throws SQLException {
    return new CellKey(
        rows.getString(1),
        rows.getString(2),
        rows.getString(3),
        rows.getObject(4, OffsetDateTime.class).toInstant());
  }
}
