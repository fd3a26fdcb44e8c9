package dev.facet.quantization.adapter.persistence;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.application.FetchRepository;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportFailure;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.RemoteSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Fetches by single statements: each step is one row's and stands for itself. */
@ApplicationScoped
class SqlFetchRepository implements FetchRepository {
  private static final String COLUMNS =
      "model, source, held_out_text, state, done, total, failure, begun_at";
  private static final String BEGIN =
      """
      insert into source_fetch (model, source, held_out_text, state, done, total, begun_at)
      values ($1, $2, $3, 'FETCHING', 0, 0, $4)
      on conflict (model) do update
        set source = excluded.source, held_out_text = excluded.held_out_text, state = 'FETCHING',
            done = 0, total = 0, failure = null, worker = null, lease_until = null,
            begun_at = excluded.begun_at
        where source_fetch.state = 'FAILED'
      """;
  private static final String IDLE =
      "select "
          + COLUMNS
          + " from source_fetch where state = 'FETCHING'"
          + " and (worker is null or lease_until < $1)";
  private static final String CLAIM =
      "update source_fetch set worker = $2, lease_until = $4 where model = $1 and state = 'FETCHING'"
          + " and (worker is null or lease_until < $3)";
  private static final String ADVANCE =
      "update source_fetch set done = $3, total = $4, lease_until = $5"
          + " where model = $1 and worker = $2 and state = 'FETCHING'";
  private static final String FAIL =
      "update source_fetch set state = 'FAILED', failure = $3 where model = $1 and worker = $2";

  private final Pool pool;
  private final JsonColumns json;

  SqlFetchRepository(Pool pool, JsonColumns json) {
    this.pool = pool;
    this.json = json;
  }

  @Override
  public Uni<Fetch> find(ModelId model) {
    return query(
            "select " + COLUMNS + " from source_fetch where model = $1", Tuple.of(model.value()))
        .map(rows -> rows.isEmpty() ? null : rows.get(0));
  }

  @Override
  public Uni<List<Fetch>> list() {
    return query("select " + COLUMNS + " from source_fetch order by model", Tuple.tuple());
  }

  @Override
  public Uni<Fetch> begin(Fetch fetch) {
    return execute(
            BEGIN,
            Tuple.of(
                fetch.model().value(),
                fetch.source().toString(),
                json.write(fetch.heldOutText()),
                time(fetch.begunAt())))
        .chain(() -> find(fetch.model()));
  }

  @Override
  public Uni<List<Fetch>> idle(Instant now) {
    return query(IDLE, Tuple.of(time(now)));
  }

  @Override
  public Uni<Boolean> claim(ModelId model, String worker, Instant now, Instant until) {
    return execute(CLAIM, Tuple.of(model.value(), worker, time(now), time(until)));
  }

  @Override
  public Uni<Boolean> advance(Fetch fetch, String worker, Instant until) {
    ImportCourse course = fetch.course();
    return execute(
        ADVANCE,
        Tuple.of(fetch.model().value(), worker, course.done(), course.total(), time(until)));
  }

  @Override
  public Uni<Void> fail(ModelId model, String worker, ImportFailure failure) {
    return execute(FAIL, Tuple.of(model.value(), worker, json.write(failure))).replaceWithVoid();
  }

  @Override
  public Uni<Boolean> remove(ModelId model) {
    return execute("delete from source_fetch where model = $1", Tuple.of(model.value()));
  }

  private Uni<Boolean> execute(String sql, Tuple values) {
    return pool.preparedQuery(sql).execute(values).map(rows -> rows.rowCount() == 1);
  }

  private Uni<List<Fetch>> query(String sql, Tuple values) {
    return pool.preparedQuery(sql).execute(values).map(this::fetches);
  }

  private List<Fetch> fetches(RowSet<Row> rows) {
    List<Fetch> fetches = new ArrayList<>();
    rows.forEach(row -> fetches.add(fetch(row)));
    return fetches;
  }

  private Fetch fetch(Row row) {
    return new Fetch(
        new ModelId(row.getString("model")),
        (RemoteSource) CheckpointSource.parse(row.getString("source")),
        json.read(row.getString("held_out_text"), BlobRef.class),
        course(row),
        row.getOffsetDateTime("begun_at").toInstant());
  }

  private ImportCourse course(Row row) {
    return new ImportCourse(
        ImportState.valueOf(row.getString("state")),
        row.getLong("total"),
        row.getLong("done"),
        null,
        row.getOffsetDateTime("begun_at").toInstant(),
        0,
        json.read(row.getString("failure"), ImportFailure.class));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
