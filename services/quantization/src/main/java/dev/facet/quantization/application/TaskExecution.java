package dev.facet.quantization.application;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.kernel.problem.Unavailable;
import dev.facet.quantization.config.WorkConfig;
import dev.facet.quantization.domain.importing.ImportFailure;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskGivenUp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * How every task is carried out: claimed, worked on off the event loop, concluded in one
 * transaction that counts only if the claim still holds. Told twice, a task is done once, because
 * the second claim fails; that is why the consumer needs no inbox.
 */
@ApplicationScoped
public class TaskExecution {
  private static final Logger LOG = Logger.getLogger(TaskExecution.class);

  private final TaskLeases leases;
  private final TaskRepository tasks;
  private final ModelRepository models;
  private final WorkConfig config;
  private final Counter done;

  TaskExecution(
      TaskLeases leases,
      TaskRepository tasks,
      ModelRepository models,
      WorkConfig config,
      MeterRegistry meters) {
    this.leases = leases;
    this.tasks = tasks;
    this.models = models;
    this.config = config;
    this.done =
        Counter.builder("facet.tasks.done")
            .description("Tasks of imports that this worker has carried out")
            .register(meters);
  }

  /**
   * Does nothing if nothing could be claimed.
   *
   * @param claiming a task of {@link TaskLeases}
   * @param work computes the result off the event loop; a {@link DomainProblem} fails the import
   *     unless it is {@link Unavailable}, which like any other failure leaves the task to another
   *     attempt
   * @param conclude stores the result; called with the model locked, inside the transaction that
   *     ends the task
   * @return whether there was a task
   */
  public <R> Uni<Boolean> perform(
      Uni<Optional<Claim>> claiming,
      Function<Claim, Uni<R>> work,
      BiFunction<Claim, R, Uni<Void>> conclude) {
    return claiming.chain(
        claim ->
            claim.isEmpty()
                ? Uni.createFrom().item(false)
                : carryOut(claim.get(), work, conclude).replaceWith(true));
  }

  private <R> Uni<Void> carryOut(
      Claim claim, Function<Claim, Uni<R>> work, BiFunction<Claim, R, Uni<Void>> conclude) {
    return attempt(claim, work)
        .chain(result -> conclude(claim, result, conclude))
        .invoke(() -> done.increment())
        .onFailure(TaskExecution::isFinal)
        .recoverWithUni(problem -> fail(claim, (DomainProblem) problem))
        .onFailure()
        .recoverWithUni(failure -> pause(claim, failure))
        .onTermination()
        .invoke(() -> leases.release(claim));
  }

  /** What another attempt would run into again. */
  private static boolean isFinal(Throwable failure) {
    return failure instanceof DomainProblem && !(failure instanceof Unavailable);
  }

  private <R> Uni<R> attempt(Claim claim, Function<Claim, Uni<R>> work) {
    return claim.task().attempt() > config.attempts()
        ? Uni.createFrom().failure(new TaskGivenUp(claim.task().key(), config.attempts()))
        : Uni.createFrom().deferred(() -> work.apply(claim));
  }

  private <R> Uni<Void> conclude(Claim claim, R result, BiFunction<Claim, R, Uni<Void>> conclude) {
    return Panache.withTransaction(
        () ->
            models
                .lockByImport(claim.task().importId())
                .chain(
                    model ->
                        model == null || model.course().state().isFinal()
                            ? Uni.createFrom().voidItem()
                            : conclude.apply(new Claim(claim.task(), model), result)));
  }

  /** Ends the import with a problem, unless the claim was lost. */
  private Uni<Void> fail(Claim claim, DomainProblem problem) {
    ImportTask task = claim.task();
    LOG.warnf("%s of %s: %s", task.key(), task.model(), problem.getMessage());
    return conclude(claim, ImportFailure.of(problem), this::fail);
  }

  private Uni<Void> fail(Claim claim, ImportFailure failure) {
    ImportTask task = claim.task();
    ImportedModel failed = claim.model().with(claim.model().course().failed(failure));
    return tasks
        .replace(task, task.finish())
        .chain(
            held ->
                held
                    ? models.update(failed).chain(() -> tasks.removeAll(task.importId()))
                    : Uni.createFrom().voidItem());
  }

  /** Lets the lease run out soon, so that the sweep offers the task again. */
  private Uni<Void> pause(Claim claim, Throwable failure) {
    ImportTask task = claim.task();
    LOG.errorf(failure, "attempt %d at %s of %s", task.attempt(), task.key(), task.model());
    return Panache.withTransaction(
            () -> tasks.replace(task, task.leasedUntil(Instant.now().plus(config.pause()))))
        .replaceWithVoid();
  }
}
