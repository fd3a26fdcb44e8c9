package dev.facet.quantization.adapter.persistence;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.application.StepResults;
import dev.facet.quantization.application.TaskRepository;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.TaskKey;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;

/** Tasks through Hibernate Reactive; a step is one conditional update. */
@ApplicationScoped
class PanacheTaskRepository implements TaskRepository {
  private static final String STEP =
      """
      update TaskEntity set state = :state, attempt = :attempt, worker = :worker,
          leaseUntil = :leaseUntil, offeredAt = :offeredAt, result = :result
      where id = :id and state = :stateBefore and attempt = :attemptBefore""";
  private static final String IDLE =
      "from TaskEntity where (state = OFFERED or state = LEASED and leaseUntil <= :now)";
  private static final String OF_IMPORT = " and id.importId = :import";

  /** Abandoned tasks, then those that a first edition waits for. */
  private static final String URGENT_FIRST =
      " order by case when state = LEASED then 0 else 1 end,"
          + " case when id.step in ('rounding', 'first-edition') then 0 else 1 end,"
          + " offeredAt, cost desc";

  private static final String HELD =
      "select count(*) from TaskEntity where state = LEASED and leaseUntil > :now";
  private static final String RESULTS =
      "from TaskEntity where id.importId = :import and id.step in :steps and result is not null";
  private static final String OPEN =
      """
      select count(*) from TaskEntity
      where id.importId = :import and (state = OFFERED or state = LEASED)""";
  private static final String BLOCKED =
      "from TaskEntity where id.importId = :import and state = BLOCKED";

  private final JsonColumns json;

  PanacheTaskRepository(JsonColumns json) {
    this.json = json;
  }

  @Override
  public Uni<Void> addAll(List<ImportTask> tasks) {
    Object[] rows = tasks.stream().map(PanacheTaskRepository::toRow).toArray();
    return Panache.getSession().chain(session -> session.persistAll(rows));
  }

  @Override
  public Uni<ImportTask> find(UUID importId, TaskKey key) {
    return Panache.getSession()
        .chain(session -> session.find(TaskEntity.class, TaskId.of(importId, key)))
        .map(row -> row == null ? null : toTask(row));
  }

  @Override
  public Uni<Boolean> replace(ImportTask before, ImportTask after) {
    return step(before, after, null);
  }

  @Override
  public Uni<Boolean> finish(ImportTask before, ImportTask after, Object result) {
    return step(before, after, json.write(result));
  }

  private Uni<Boolean> step(ImportTask before, ImportTask after, String result) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createMutationQuery(STEP)
                    .setParameter("state", after.state())
                    .setParameter("attempt", after.attempt())
                    .setParameter("worker", after.worker())
                    .setParameter("leaseUntil", after.leaseUntil())
                    .setParameter("offeredAt", after.offeredAt())
                    .setParameter("result", result)
                    .setParameter("id", TaskId.of(before.importId(), before.key()))
                    .setParameter("stateBefore", before.state())
                    .setParameter("attemptBefore", before.attempt())
                    .executeUpdate())
        .map(changed -> changed == 1);
  }

  @Override
  public Uni<Map<TaskKey, Object>> results(UUID importId, Set<ImportStep> steps) {
    if (steps.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(RESULTS, TaskEntity.class)
                    .setParameter("import", importId)
                    .setParameter("steps", steps.stream().map(ImportStep::label).toList())
                    .setReadOnly(true)
                    .getResultList())
        .map(
            rows ->
                rows.stream().collect(Collectors.toMap(row -> row.id.key(), row -> result(row))));
  }

  private Object result(TaskEntity row) {
    return json.read(row.result, StepResults.type(row.id.key().step()));
  }

  @Override
  public Uni<List<ImportTask>> openNext(UUID importId, Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(OPEN, Long.class)
                    .setParameter("import", importId)
                    .getSingleResult()
                    .chain(
                        open ->
                            open > 0
                                ? Uni.createFrom().item(List.<ImportTask>of())
                                : openBlocked(session, importId, now)));
  }

  private static Uni<List<ImportTask>> openBlocked(
      Mutiny.Session session, UUID importId, Instant now) {
    return session
        .createSelectionQuery(BLOCKED, TaskEntity.class)
        .setParameter("import", importId)
        .getResultList()
        .map(
            rows -> {
              Optional<ImportStep> next =
                  rows.stream().map(row -> row.id.key().step()).min(Comparator.naturalOrder());
              return rows.stream()
                  .filter(row -> row.id.key().step() == next.get())
                  .map(row -> open(row, now))
                  .toList();
            });
  }

  /** The row is managed: what changes here is stored with the transaction. */
  private static ImportTask open(TaskEntity row, Instant now) {
    ImportTask opened = toTask(row).unblock(now);
    row.state = opened.state();
    row.offeredAt = opened.offeredAt();
    return opened;
  }

  @Override
  public Uni<Void> removeAll(UUID importId) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createMutationQuery("delete from TaskEntity where id.importId = :import")
                    .setParameter("import", importId)
                    .executeUpdate())
        .replaceWithVoid();
  }

  @Override
  public Uni<List<ImportTask>> lockIdle(Optional<UUID> importId, Instant now, int limit) {
    String query = importId.isPresent() ? IDLE + OF_IMPORT + URGENT_FIRST : IDLE + URGENT_FIRST;
    return Panache.getSession()
        .chain(
            session -> {
              Mutiny.SelectionQuery<TaskEntity> idle =
                  session
                      .createSelectionQuery(query, TaskEntity.class)
                      .setParameter("now", now)
                      .setMaxResults(limit)
                      .setLockMode(LockMode.UPGRADE_SKIPLOCKED);
              importId.ifPresent(id -> idle.setParameter("import", id));
              return idle.getResultList();
            })
        .map(rows -> rows.stream().map(PanacheTaskRepository::toTask).toList());
  }

  @Override
  public Uni<Boolean> anyHeld(Instant now) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(HELD, Long.class)
                    .setParameter("now", now)
                    .getSingleResult())
        .map(held -> held > 0);
  }

  private static TaskEntity toRow(ImportTask task) {
    TaskEntity row = new TaskEntity();
    row.id = TaskId.of(task.importId(), task.key());
    row.model = task.model().value();
    row.cost = task.cost();
    row.state = task.state();
    row.attempt = task.attempt();
    row.worker = task.worker();
    row.leaseUntil = task.leaseUntil();
    row.offeredAt = task.offeredAt();
    return row;
  }

  private static ImportTask toTask(TaskEntity row) {
    return new ImportTask(
        row.id.importId(),
        new ModelId(row.model),
        row.id.key(),
        row.cost,
        row.state,
        row.attempt,
        row.worker,
        row.leaseUntil,
        row.offeredAt);
  }
}
