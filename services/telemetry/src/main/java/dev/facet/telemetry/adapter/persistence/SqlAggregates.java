package dev.facet.telemetry.adapter.persistence;

import static dev.facet.telemetry.adapter.persistence.SqlTimes.utc;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.application.AggregateStore;
import dev.facet.telemetry.config.AggregationConfig;
import dev.facet.telemetry.domain.aggregate.CellChange;
import dev.facet.telemetry.domain.aggregate.CellKey;
import dev.facet.telemetry.domain.aggregate.Windows;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map.Entry;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts by plain SQL, a report in one transaction: event ids in one statement for the whole
 * report, then each cell and vote read under its row lock and written back merged. A lock is taken
 * by the statement that creates the row where it is missing, and always in the order of {@link
 * CellKey}, so replicas neither lose updates nor lock each other out.
 */
@ApplicationScoped
class SqlAggregates implements AggregateStore {
  private static final String REMEMBER =
      """
      insert into counted_event (session, event_id)
      select $1, id from unnest($2::uuid[]) as id
      on conflict do nothing returning event_id""";
  private static final String LOCK_CELL =
      """
      insert into cell (model, device_class, point, window_start) values ($1, $2, $3, $4)
      on conflict (model, device_class, point, window_start) do update set updated_at = now()
      returning decode_ms, first_token_ms, ready_ms""";
  private static final String UPDATE_CELL =
      """
      update cell set loads = loads + $5, generations = generations + $6, failures = failures + $7,
        tokens = tokens + $8, decode_ms = $9, first_token_ms = $10, ready_ms = $11
      where model = $1 and device_class = $2 and point = $3 and window_start = $4""";
  private static final String LOCK_VOTE =
      """
      insert into session_window (model, device_class, point, window_start, session, last_at)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (model, device_class, point, window_start, session)
      do update set last_at = greatest(session_window.last_at, excluded.last_at), recorded_at = now()
      returning votes_ms""";
  private static final String UPDATE_VOTE =
      """
      update session_window set votes_ms = $6, vote_ms = $7
      where model = $1 and device_class = $2 and point = $3 and window_start = $4 and session = $5""";
  private static final String FORGET_EVENTS = "delete from counted_event where counted_at < $1";
  private static final String FORGET_CELLS = "delete from cell where window_start < $1";
  private static final String FORGET_VOTES = "delete from session_window where window_start < $1";
  private static final String FORGET_DELIVERIES = "delete from delivery where window_start < $1";

  private final Pool pool;
  private final Windows windows;

  SqlAggregates(Pool pool, AggregationConfig config) {
    this.pool = pool;
    this.windows = new Windows(config.window());
  }

  @Override
  public Uni<Integer> count(ClientMetricsReported report) {
    return pool.withTransaction(
        connection ->
            remember(connection, report)
                .chain(
                    uncounted ->
                        apply(connection, report.session(), windows.fold(report, uncounted))
                            .replaceWith(uncounted.size())));
  }

  private static Uni<Set<String>> remember(SqlConnection connection, ClientMetricsReported report) {
    return connection
        .preparedQuery(REMEMBER)
        .execute(Tuple.of(report.session(), ids(report)))
        .map(
            rows ->
                rows.stream()
                    .map(row -> row.getUUID("event_id").toString())
                    .collect(Collectors.toSet()));
  }

  /** Sorted, so that two transactions with the same ids wait for each other in one order. */
  private static UUID[] ids(ClientMetricsReported report) {
    return Stream.of(
            report.loads().stream().map(load -> load.source().id()),
            report.generations().stream().map(generation -> generation.source().id()),
            report.failures().stream().map(failure -> failure.source().id()))
        .flatMap(ids -> ids)
        .map(UUID::fromString)
        .sorted()
        .toArray(UUID[]::new);
  }

  private static Uni<Void> apply(
      SqlConnection connection, String session, SortedMap<CellKey, CellChange> changes) {
    return Multi.createFrom()
        .iterable(changes.entrySet())
        .onItem()
        .transformToUniAndConcatenate(change -> apply(connection, session, change))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static Uni<Void> apply(
      SqlConnection connection, String session, Entry<CellKey, CellChange> entry) {
    CellKey key = entry.getKey();
    CellChange change = entry.getValue();
    return connection
        .preparedQuery(LOCK_CELL)
        .execute(tuple(key))
        .chain(
            rows ->
                connection
                    .preparedQuery(UPDATE_CELL)
                    .execute(merged(key, rows.iterator().next(), change)))
        .chain(
            () ->
                connection
                    .preparedQuery(LOCK_VOTE)
                    .execute(tuple(key).addValue(session).addValue(utc(change.lastAt()))))
        .chain(rows -> vote(connection, key, session, rows.iterator().next(), change));
  }

  private static Tuple merged(CellKey key, Row cell, CellChange change) {
    return tuple(key)
        .addLong(change.loads())
        .addLong(change.generations())
        .addLong(change.failures())
        .addLong(change.tokens())
        .addValue(sketch(cell, "decode_ms").add(change.decodeMs()).bytes())
        .addValue(sketch(cell, "first_token_ms").add(change.firstTokenMs()).bytes())
        .addValue(sketch(cell, "ready_ms").add(change.readyMs()).bytes());
  }

  private static Uni<Void> vote(
      SqlConnection connection, CellKey key, String session, Row row, CellChange change) {
    if (change.votes().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    QuantileSketch votes = sketch(row, "votes_ms").add(change.votes());
    return connection
        .preparedQuery(UPDATE_VOTE)
        .execute(tuple(key).addValue(session).addValue(votes.bytes()).addDouble(votes.median()))
        .replaceWithVoid();
  }

  private static QuantileSketch sketch(Row row, String column) {
    return QuantileSketch.read(row.getDelegate().getBuffer(column));
  }

  private static Tuple tuple(CellKey key) {
    return Tuple.of(key.model(), key.deviceClass(), key.point(), utc(key.windowStart()));
  }

  @Override
  public Uni<Void> forget(Instant aggregatesBefore, Instant eventsBefore) {
    Tuple aggregates = Tuple.of(utc(aggregatesBefore));
    return pool.preparedQuery(FORGET_EVENTS)
        .execute(Tuple.of(utc(eventsBefore)))
        .chain(() -> pool.preparedQuery(FORGET_CELLS).execute(aggregates))
        .chain(() -> pool.preparedQuery(FORGET_VOTES).execute(aggregates))
        .chain(() -> pool.preparedQuery(FORGET_DELIVERIES).execute(aggregates))
        .replaceWithVoid();
  }
}
