package dev.facet.quantization.adapter.persistence;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import dev.facet.quantization.application.ProgressFeed;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportFailure;
import dev.facet.quantization.domain.importing.ImportState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads an import's row a few times a second, so any replica can show any import. Goes past
 * Hibernate: a follower must not hold a session between two looks.
 */
@ApplicationScoped
class PolledProgressFeed implements ProgressFeed {
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final String COURSE =
      """
      select state, total, done, last_done, stage_began, improvement, failure
      from model where id = $1
      union all
      select state, total, done, null, begun_at, 0, failure from source_fetch where model = $1
      """;

  private final Pool pool;
  private final JsonColumns json;

  PolledProgressFeed(Pool pool, JsonColumns json) {
    this.pool = pool;
    this.json = json;
  }

  @Override
  public Multi<ImportCourse> follow(ModelId id) {
    return look(id)
        .onItem()
        .ifNull()
        .failWith(() -> new NotFound("model", id.value()))
        .onItem()
        .transformToMulti(first -> steps(id));
  }

  private Multi<ImportCourse> steps(ModelId id) {
    return Multi.createBy()
        .repeating()
        .uni(() -> look(id).map(Optional::ofNullable))
        .withDelay(PERIOD)
        .whilst(course -> course.isPresent() && !course.get().state().isFinal())
        .onItem()
        .transformToIterable(course -> course.stream().toList())
        .skip()
        .repetitions();
  }

  /** The course as it is now, or null. */
  private Uni<ImportCourse> look(ModelId id) {
    return pool.preparedQuery(COURSE).execute(Tuple.of(id.value())).map(this::course);
  }

  private ImportCourse course(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return null;
    }
    ImportCourse last = null;
    for (Row row : rows) {
      ImportCourse course = course(row);
      // A model counts more than its fetch, unless it has failed and is fetched again.
      if (last == null || last.state() == ImportState.FAILED && !course.state().isFinal()) {
        last = course;
      }
    }
    return last;
  }

  private ImportCourse course(Row row) {
    return new ImportCourse(
        ImportState.valueOf(row.getString("state")),
        row.getLong("total"),
        row.getLong("done"),
        row.getString("last_done"),
        row.getOffsetDateTime("stage_began").toInstant(),
        row.getLong("improvement"),
        json.read(row.getString("failure"), ImportFailure.class));
  }
}
