package dev.facet.telemetry.adapter.persistence;

import java.sql.SQLException;

/** What PostgreSQL's error codes say. */
final class SqlStates {
  /** Also said where the table of a day has been dropped by another replica: that one is made. */
  private static final String CHECK_VIOLATION = "23514";

  private SqlStates() {}

  /** Whether the values are at fault: classes 22 (data) and 23 (integrity). */
  static boolean blameData(SQLException refusal) {
    String state = refusal.getSQLState();
    return state != null
        && (state.startsWith("22") || state.startsWith("23"))
        && !state.equals(CHECK_VIOLATION);
  }
}
