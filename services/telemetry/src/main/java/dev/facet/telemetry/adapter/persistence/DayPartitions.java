package dev.facet.telemetry.adapter.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tables of one day (UTC) each. They are made in transactions of their own, before the transaction
 * that writes: making one locks all the days of its table.
 */
@ApplicationScoped
class DayPartitions {
  private static final List<String> AGGREGATES = List.of("cell", "session_window", "cell_measure");
  private static final String IDS = "counted_ids";

  /** Any number, the same in every replica. */
  private static final long LOCK = 0x66616365_74646179L;

  private static final String MAKE =
      "create table if not exists %1$s_%2$s partition of %1$s for values from ('%3$s') to ('%4$s')";
  private static final String PARTITIONS =
      """
      select child.relname from pg_inherits join pg_class child on child.oid = inhrelid
      where inhparent = '%s'::regclass""";

  private final Set<Instant> known = ConcurrentHashMap.newKeySet();

  static Instant dayOf(Instant at) {
    return at.truncatedTo(ChronoUnit.DAYS);
  }

  static Instant dayAfter(Instant day) {
    return day.plus(1, ChronoUnit.DAYS);
  }

  /** Makes those days that are not known to be there, and commits. */
  void make(Connection connection, Set<Instant> days) throws SQLException {
    List<Instant> missing = days.stream().filter(day -> !known.contains(day)).sorted().toList();
    if (missing.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(%d)".formatted(LOCK));
      for (Instant day : missing) {
        for (String parent : AGGREGATES) {
          statement.execute(make(parent, day));
        }
        statement.execute(make(IDS, day));
      }
    }
    connection.commit();
    known.addAll(missing);
  }

  private static String make(String parent, Instant day) {
    return MAKE.formatted(parent, suffix(day), day, dayAfter(day));
  }

  private static String suffix(Instant day) {
    return DateTimeFormatter.BASIC_ISO_DATE.format(day.atOffset(ZoneOffset.UTC).toLocalDate());
  }

  /** Drops the days that lie wholly before an instant. */
  void drop(Connection connection, Instant aggregatesBefore, Instant idsBefore)
      throws SQLException {
    for (String parent : AGGREGATES) {
      drop(connection, parent, aggregatesBefore);
    }
    drop(connection, IDS, idsBefore);
  }

  private void drop(Connection connection, String parent, Instant before) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = '5s'");
      for (String table : partitions(statement, parent)) {
        Instant day = dayOfTable(table);
        if (!dayAfter(day).isAfter(before)) {
          known.remove(day);
          statement.execute("drop table if exists " + table);
        }
      }
      statement.execute("reset lock_timeout");
    }
  }

  private static List<String> partitions(Statement statement, String parent) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(PARTITIONS.formatted(parent))) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private static Instant dayOfTable(String table) {
    String suffix = table.substring(table.lastIndexOf('_') + 1);
    return LocalDate.parse(suffix, DateTimeFormatter.BASIC_ISO_DATE)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }

  /** After a failure nothing is taken for granted. */
  void forgetKnown() {
    known.clear();
  }
}
