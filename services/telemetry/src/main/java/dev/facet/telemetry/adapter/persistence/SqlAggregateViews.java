package dev.facet.telemetry.adapter.persistence;

import static dev.facet.telemetry.adapter.persistence.SqlTimes.utc;

import dev.facet.telemetry.application.AggregateViews;
import dev.facet.telemetry.domain.aggregate.CellSummary;
import dev.facet.telemetry.domain.aggregate.DeliverySummary;
import dev.facet.telemetry.domain.aggregate.DeviceClassSummary;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** The dashboard's queries. Sketches of several windows are merged here, counts by PostgreSQL. */
@ApplicationScoped
class SqlAggregateViews implements AggregateViews {
  private static final String CELLS =
      """
      select c.model, c.device_class, c.point, coalesce(s.sessions, 0) as sessions,
        c.loads, c.generations, c.failures, c.tokens, c.decode_ms, c.first_token_ms, c.ready_ms
      from (
        select model, device_class, point, sum(loads)::bigint as loads,
          sum(generations)::bigint as generations, sum(failures)::bigint as failures,
          sum(tokens)::bigint as tokens, array_agg(decode_ms) as decode_ms,
          array_agg(first_token_ms) as first_token_ms, array_agg(ready_ms) as ready_ms
        from cell
        where window_start >= $1 and ($2::text is null or model = $2)
          and ($3::text is null or device_class = $3)
        group by model, device_class, point) c
      left join (
        select model, device_class, point, count(distinct session) as sessions
        from session_window
        where window_start >= $1 and ($2::text is null or model = $2)
          and ($3::text is null or device_class = $3)
        group by model, device_class, point) s using (model, device_class, point)
      order by c.model, c.device_class, c.point""";
  private static final String DELIVERIES =
      """
      select model, point, sum(streams)::bigint as streams,
        sum(complete_streams)::bigint as complete_streams, sum(bytes)::bigint as bytes
      from delivery
      where window_start >= $1 and ($2::text is null or model = $2)
      group by model, point order by model, point""";
  private static final String CLASSES =
      """
      select d.*, coalesce(s.sessions, 0) as sessions
      from device_class d
      left join (
        select device_class, count(distinct session) as sessions
        from session_window where window_start >= $1 group by device_class) s using (device_class)
      order by d.profiles desc, d.device_class""";

  private final Pool pool;

  SqlAggregateViews(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<List<CellSummary>> cells(Instant since, String model, String deviceClass) {
    return pool.preparedQuery(CELLS)
        .execute(Tuple.of(utc(since), model, deviceClass))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(this::cell).toList());
  }

  private CellSummary cell(Row row) {
    long loads = row.getLong("loads");
    long generations = row.getLong("generations");
    long failures = row.getLong("failures");
    return new CellSummary(
        row.getString("model"),
        row.getString("point"),
        row.getString("device_class"),
        row.getLong("sessions"),
        loads + generations + failures,
        generations,
        loads,
        failures,
        row.getLong("tokens"),
        merged(row, "decode_ms").quantiles(),
        merged(row, "first_token_ms").quantiles(),
        merged(row, "ready_ms").quantiles());
  }

  private static QuantileSketch merged(Row row, String column) {
    QuantileSketch merged = QuantileSketch.empty();
    for (var sketch : row.getDelegate().getArrayOfBuffers(column)) {
      if (sketch != null) {
        merged.merge(QuantileSketch.read(sketch.getBytes()));
      }
    }
    return merged;
  }

  @Override
  public Uni<List<DeliverySummary>> deliveries(Instant since, String model) {
    return pool.preparedQuery(DELIVERIES)
        .execute(Tuple.of(utc(since), model))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(SqlAggregateViews::delivery)
                    .toList());
  }

  private static DeliverySummary delivery(Row row) {
    return new DeliverySummary(
        row.getString("model"),
        row.getString("point"),
        row.getLong("streams"),
        row.getLong("complete_streams"),
        row.getLong("bytes"));
  }

  @Override
  public Uni<List<DeviceClassSummary>> classes(Instant since) {
    return pool.preparedQuery(CLASSES)
        .execute(Tuple.of(utc(since)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(SqlAggregateViews::deviceClass)
                    .toList());
  }

  private static DeviceClassSummary deviceClass(Row row) {
    return new DeviceClassSummary(
        row.getString("device_class"),
        row.getString("description"),
        row.getString("backend"),
        row.getLong("profiles"),
        row.getLong("sessions"),
        row.getOffsetDateTime("first_seen_at").toInstant(),
        row.getOffsetDateTime("last_seen_at").toInstant());
  }
}
