package dev.facet.quantization.application;

import dev.facet.kernel.event.DomainEvent;
import dev.facet.kernel.event.ImportTaskRequested;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.importing.ImportTask;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Tells workers of tasks through the outbox, and again of those whose worker has gone. */
@ApplicationScoped
public class OfferTasks {
  private static final Logger LOG = Logger.getLogger(OfferTasks.class);
  private static final int BATCH = 200;

  private final TaskRepository tasks;
  private final Outbox outbox;
  private final WorkConfig config;

  OfferTasks(TaskRepository tasks, Outbox outbox, WorkConfig config) {
    this.tasks = tasks;
    this.outbox = outbox;
    this.config = config;
  }

  /** Tells of these tasks in the transaction that is open. */
  public Uni<Void> tell(List<ImportTask> offered) {
    return Multi.createFrom()
        .iterable(offered)
        .onItem()
        .transformToUniAndConcatenate(task -> outbox.append(event(task)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private static DomainEvent event(ImportTask task) {
    return new ImportTaskRequested(
        task.importId(), task.model().value(), task.key().step().label(), task.key().subject());
  }

  /**
   * Tells again of tasks whose lease ran out, and of those that nobody took although no worker is
   * busy (while one is, their events wait behind its own).
   */
  public Uni<Void> sweep() {
    Instant now = Instant.now();
    return Panache.withTransaction(
        () ->
            tasks
                .anyHeld(now)
                .chain(
                    busy ->
                        tasks
                            .lockIdle(Optional.empty(), now, BATCH)
                            .map(idle -> due(idle, now, busy)))
                .chain(due -> offerAgain(due, now)));
  }

  private List<ImportTask> due(List<ImportTask> idle, Instant now, boolean busy) {
    return idle.stream()
        .filter(task -> task.needsNewOffer(now) || !busy && task.overlooked(now, config.patience()))
        .toList();
  }

  private Uni<Void> offerAgain(List<ImportTask> due, Instant now) {
    return Multi.createFrom()
        .iterable(due)
        .onItem()
        .transformToUniAndConcatenate(task -> offerAgain(task, now))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> offerAgain(ImportTask task, Instant now) {
    LOG.infof("%s of %s is offered again (attempt %d)", task.key(), task.model(), task.attempt());
    return tasks.replace(task, task.offeredAgain(now)).chain(() -> outbox.append(event(task)));
  }
}
