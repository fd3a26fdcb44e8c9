package dev.facet.quantization.application;

import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Claims tasks for this process and keeps the claims alive while it works. When the process dies
 * its leases run out and others take over.
 */
@ApplicationScoped
public class TaskLeases {
  private static final Logger LOG = Logger.getLogger(TaskLeases.class);

  /** Two, so that one computes while the other reads and stores. */
  private static final int AT_ONCE = 2;

  private final TaskRepository tasks;
  private final ModelRepository models;
  private final WorkConfig config;
  private final Clock clock = Clock.systemUTC();
  private final String worker = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  private final Set<Claim> held = ConcurrentHashMap.newKeySet();

  TaskLeases(TaskRepository tasks, ModelRepository models, WorkConfig config) {
    this.tasks = tasks;
    this.models = models;
    this.config = config;
  }

  /**
   * The task in this worker's hands; empty if it is done, held by another, or its import is gone.
   */
  public Uni<Optional<Claim>> claim(UUID importId, TaskKey key) {
    return Panache.withTransaction(() -> tryClaim(importId, key))
        .invoke(claim -> claim.ifPresent(held::add));
  }

  /**
   * The task in this worker's hands that has waited longest; empty if none waits.
   *
   * @param importId of one import; of any if empty
   */
  public Uni<Optional<Claim>> claimWaiting(Optional<UUID> importId) {
    return Panache.withTransaction(
            () ->
                tasks
                    .lockIdle(importId, now(), 1)
                    .chain(idle -> tryClaim(idle.isEmpty() ? null : idle.get(0))))
        .invoke(claim -> claim.ifPresent(held::add));
  }

  /** Whether as many tasks are in work as keep the threads busy. */
  public boolean handsFull() {
    return held.size() >= Math.min(AT_ONCE, config.threads().orElse(AT_ONCE));
  }

  private Uni<Optional<Claim>> tryClaim(UUID importId, TaskKey key) {
    return tasks.find(importId, key).chain(this::tryClaim);
  }

  private Uni<Optional<Claim>> tryClaim(ImportTask task) {
    Optional<ImportTask> claimed =
        Optional.ofNullable(task).flatMap(t -> t.claim(worker, now(), config.lease()));
    return claimed.isEmpty()
        ? Uni.createFrom().item(Optional.<Claim>empty())
        : store(task, claimed.get());
  }

  private Uni<Optional<Claim>> store(ImportTask before, ImportTask claimed) {
    return tasks
        .replace(before, claimed)
        .chain(won -> won ? models.findByImport(claimed.importId()) : Uni.createFrom().nullItem())
        .map((ImportedModel model) -> Optional.ofNullable(model).map(m -> new Claim(claimed, m)));
  }

  /** The work on a claim has ended, well or not: its lease is no longer renewed. */
  public void release(Claim claim) {
    held.remove(claim);
  }

  /** Pushes the end of every held lease further off. */
  public Uni<Void> renew() {
    return Multi.createFrom()
        .iterable(Set.copyOf(held))
        .onItem()
        .transformToUniAndConcatenate(this::renew)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> renew(Claim claim) {
    ImportTask task = claim.task();
    return Panache.withTransaction(
            () -> tasks.replace(task, task.leasedUntil(now().plus(config.lease()))))
        .invoke(
            kept -> {
              if (!kept && held.remove(claim)) {
                LOG.warnf("%s of %s was taken over or withdrawn", task.key(), task.model());
              }
            })
        .replaceWithVoid();
  }

  private Instant now() {
    return clock.instant();
  }
}
