package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.domain.aggregate.CellChange;
import dev.facet.telemetry.domain.aggregate.CellKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** Cells and their measures, locked in order, merged and written back. */
final class SqlCells {
  private static final String KEYS = "unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[]";
  private static final String LOCK =
      """
      insert into cell (model, device_class, point, window_start) select * from %s)
      on conflict (model, device_class, point, window_start) do update set updated_at = now()
      returning model, device_class, point, window_start, decode_ms, first_token_ms, ready_ms"""
          .formatted(KEYS);
  private static final String UPDATE =
      """
      update cell set loads = cell.loads + u.loads, generations = cell.generations + u.generations,
        failures = cell.failures + u.failures, tokens = cell.tokens + u.tokens,
        decode_ms = u.decode_ms, first_token_ms = u.first_token_ms, ready_ms = u.ready_ms
      from %s, ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bytea[],
        ?::bytea[]) as u (model, device_class, point, window_start, loads, generations, failures,
        tokens, decode_ms, first_token_ms, ready_ms)
      where cell.model = u.model and cell.device_class = u.device_class and cell.point = u.point
        and cell.window_start = u.window_start"""
          .formatted(KEYS);
  private static final String MEASURES =
      """
      select model, device_class, point, window_start, measure, sketch from cell_measure
      where (model, device_class, point, window_start) in (select * from %s))
        and sketch is not null"""
          .formatted(KEYS);
  private static final String SAVE_MEASURES =
      """
      insert into cell_measure
        (model, device_class, point, window_start, measure, total, sketch)
      select * from %s, ?::text[], ?::float8[], ?::bytea[])
      on conflict (model, device_class, point, window_start, measure) do update set
        total = cell_measure.total + excluded.total, sketch = excluded.sketch"""
          .formatted(KEYS);

  private record Sketches(QuantileSketch decode, QuantileSketch firstToken, QuantileSketch ready) {}

  private record Cell(CellKey key, CellChange change, Sketches sketches) {}

  private record Name(CellKey cell, String measure) {}

  private record Measure(Name name, double total, QuantileSketch sketch) {}

  private SqlCells() {}

  static void add(Connection connection, SortedMap<CellKey, CellChange> changes)
      throws SQLException {
    List<Cell> cells = new ArrayList<>();
    Map<CellKey, Sketches> locked = lock(connection, List.copyOf(changes.keySet()));
    changes.forEach((key, change) -> cells.add(new Cell(key, change, locked.get(key))));
    update(connection, cells);
    addMeasures(connection, changes);
  }

  private static Map<CellKey, Sketches> lock(Connection connection, List<CellKey> keys)
      throws SQLException {
    Map<CellKey, Sketches> sketches = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      new CellColumns<>(connection, statement, keys, key -> key);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sketches.put(
              CellColumns.key(rows),
              new Sketches(
                  QuantileSketch.read(rows.getBytes(5)),
                  QuantileSketch.read(rows.getBytes(6)),
                  QuantileSketch.read(rows.getBytes(7))));
        }
      }
    }
    return sketches;
  }

  private static void update(Connection connection, List<Cell> cells) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
      new CellColumns<>(connection, statement, cells, Cell::key)
          .add("int8", cell -> cell.change().loads())
          .add("int8", cell -> cell.change().generations())
          .add("int8", cell -> cell.change().failures())
          .add("int8", cell -> cell.change().tokens())
          .add("bytea", cell -> cell.sketches().decode().add(cell.change().decodeMs()).bytes())
          .add(
              "bytea",
              cell -> cell.sketches().firstToken().add(cell.change().firstTokenMs()).bytes())
          .add("bytea", cell -> cell.sketches().ready().add(cell.change().readyMs()).bytes());
      statement.executeUpdate();
    }
  }

  /** Needs no lock of its own: whoever changes a cell's measures holds the cell. */
  private static void addMeasures(Connection connection, SortedMap<CellKey, CellChange> changes)
      throws SQLException {
    Map<Name, QuantileSketch> before = sketches(connection, List.copyOf(changes.keySet()));
    List<Measure> measures = new ArrayList<>();
    changes.forEach(
        (cell, change) -> {
          var names = new TreeSet<>(change.measures().sums().keySet());
          names.addAll(change.measures().values().keySet());
          for (String measure : names) {
            measures.add(measure(new Name(cell, measure), change, before));
          }
        });
    try (PreparedStatement statement = connection.prepareStatement(SAVE_MEASURES)) {
      new CellColumns<>(connection, statement, measures, measure -> measure.name().cell())
          .add("text", measure -> measure.name().measure())
          .add("float8", Measure::total)
          .add("bytea", measure -> measure.sketch().bytes());
      statement.executeUpdate();
    }
  }

  private static Measure measure(Name name, CellChange change, Map<Name, QuantileSketch> before) {
    List<Double> values = change.measures().values().getOrDefault(name.measure(), List.of());
    double sum = change.measures().sums().getOrDefault(name.measure(), 0.0);
    double total = sum + values.stream().mapToDouble(Double::doubleValue).sum();
    return new Measure(name, total, before.getOrDefault(name, QuantileSketch.empty()).add(values));
  }

  private static Map<Name, QuantileSketch> sketches(Connection connection, List<CellKey> keys)
      throws SQLException {
    Map<Name, QuantileSketch> sketches = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(MEASURES)) {
      new CellColumns<>(connection, statement, keys, key -> key);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Name name = new Name(CellColumns.key(rows), rows.getString(5));
          sketches.put(name, QuantileSketch.read(rows.getBytes(6)));
        }
      }
    }
    return sketches;
  }
}
