package dev.facet.quantization.application;

import dev.facet.kernel.event.ImportTaskRequested;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TaskKey;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Carries out tasks of imports. Whoever stores the last result of a step opens the tasks of the
 * next one, in the same transaction; an edition is published and told in the transaction that ends
 * its task.
 */
@ApplicationScoped
public class CarryOutTask {
  private static final Logger LOG = Logger.getLogger(CarryOutTask.class);

  private final TaskExecution execution;
  private final TaskLeases leases;
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final OfferTasks offers;
  private final Outbox outbox;
  private final CpuPool pool;
  private final Map<ImportStep, StepWork> works = new EnumMap<>(ImportStep.class);

  CarryOutTask(
      TaskExecution execution,
      TaskLeases leases,
      ModelRepository models,
      TaskRepository tasks,
      OfferTasks offers,
      Outbox outbox,
      CpuPool pool,
      @All List<StepWork> works) {
    this.execution = execution;
    this.leases = leases;
    this.models = models;
    this.tasks = tasks;
    this.offers = offers;
    this.outbox = outbox;
    this.pool = pool;
    works.forEach(work -> work.steps().forEach(step -> this.works.put(step, work)));
  }

  /**
   * Does the task, unless it is done, in other hands or gone. While this worker has its hands full
   * the task is left in its table, for them or for another worker.
   *
   * @throws IllegalArgumentException if there is no such step
   */
  public Uni<Void> on(ImportTaskRequested request) {
    TaskKey key = new TaskKey(ImportStep.labelled(request.step()), request.subject());
    return leases.handsFull()
        ? Uni.createFrom().voidItem()
        : perform(leases.claim(request.importId(), key)).replaceWithVoid();
  }

  /**
   * Does tasks that wait, whoever was told of them, as long as there are any: partitions are never
   * filled so evenly that no worker would stand idle.
   *
   * @param importId of one import; of any if empty
   */
  public Uni<Void> helpOut(Optional<UUID> importId) {
    return Multi.createBy()
        .repeating()
        .uni(() -> takeOne(importId))
        .whilst(found -> found)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Boolean> takeOne(Optional<UUID> importId) {
    return leases.handsFull()
        ? Uni.createFrom().item(false)
        : perform(leases.claimWaiting(importId));
  }

  private Uni<Boolean> perform(Uni<Optional<Claim>> claiming) {
    return execution.perform(
        claiming, claim -> work(claim.model(), claim.task().key()), this::store);
  }

  private Uni<Object> work(ImportedModel model, TaskKey key) {
    StepWork work = works.get(key.step());
    return Panache.withSession(() -> tasks.results(model.importId(), work.reads(key.step())))
        .chain(earlier -> pool.run(() -> work.perform(model, key, new StepResults(earlier))));
  }

  private Uni<Void> store(Claim claim, Object result) {
    ImportTask task = claim.task();
    return tasks
        .finish(task, task.finish(), result)
        .chain(held -> held ? advance(claim, result) : Uni.createFrom().voidItem());
  }

  private Uni<Void> advance(Claim claim, Object result) {
    return result instanceof Publication publication
        ? publish(claim, publication)
        : count(claim.model(), claim.model().course().taskDone(claim.task()));
  }

  private Uni<Void> publish(Claim claim, Publication publication) {
    ImportedModel published = claim.model().publish(publication, claim.task().key());
    LOG.infof(
        "%s is published, %s, as revision %s",
        published.id(), publication.edition().label(), publication.revision());
    return outbox.append(published.toEvent()).chain(() -> count(published, published.course()));
  }

  /** The tasks have served once the last is done: what they brought is in the publication. */
  private Uni<Void> count(ImportedModel model, ImportCourse course) {
    return models
        .update(model.with(course))
        .chain(
            () ->
                course.state().isFinal()
                    ? tasks.removeAll(model.importId())
                    : tasks.openNext(model.importId(), Instant.now()).chain(offers::tell));
  }
}
