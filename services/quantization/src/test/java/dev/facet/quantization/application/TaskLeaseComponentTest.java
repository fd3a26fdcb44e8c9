package dev.facet.quantization.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.facet.kernel.event.ImportTaskRequested;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.kernel.problem.Unavailable;
import dev.facet.kernel.testing.PostgresResource;
import dev.facet.quantization.component.ModelFolder;
import dev.facet.quantization.component.TaskLoop;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.importing.TaskState;
import dev.facet.quantization.domain.source.FolderSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several workers over one database, each with leases of its own. */
@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
class TaskLeaseComponentTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration GONE = Duration.ZERO;
  private static final TaskKey KEY = TaskKey.coding(ImportStep.ROUNDING, "full", "layers.0.down");

  @Inject ImportModel imports;
  @Inject ModelRepository models;
  @Inject TaskRepository tasks;
  @Inject OfferTasks offers;
  @Inject Outbox outbox;
  @Inject WithdrawModel withdrawals;
  @Inject CpuPool pool;
  @Inject BlobStore blobs;
  @Inject @All List<StepWork> works;

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  private TaskLoop loop;
  private ImportedModel model;

  /** A replica. */
  private final class Worker {
    final TaskLeases leases;
    final TaskExecution execution;
    final CarryOutTask work;

    Worker(Duration lease) {
      this(lease, 5);
    }

    Worker(Duration lease, int attempts) {
      TestWorkConfig config = new TestWorkConfig(lease, attempts);
      leases = new TaskLeases(tasks, models, config);
      execution = new TaskExecution(leases, tasks, models, config, new SimpleMeterRegistry());
      work = new CarryOutTask(execution, leases, models, tasks, offers, outbox, pool, works);
    }
  }

  @BeforeEach
  void beginImport() {
    loop = new TaskLoop(connector);
    FolderSource source = FolderSource.parse(ModelFolder.copy().name());
    ModelId id = new ModelId("lease-" + UUID.randomUUID());
    model = run(() -> imports.begin(new ImportRequest(source, id, null)));
  }

  @AfterEach
  void withdraw() {
    if (stored() != null) {
      run(() -> withdrawals.withdraw(model.id()));
    }
  }

  private static <T> T run(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(work);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> T inTransaction(Supplier<Uni<T>> work) {
    return run(() -> Panache.withTransaction(work));
  }

  private ImportTaskRequested request() {
    return new ImportTaskRequested(
        model.importId(), model.id().value(), KEY.step().label(), KEY.subject());
  }

  private ImportTask task() {
    return inTransaction(() -> tasks.find(model.importId(), KEY));
  }

  private ImportedModel stored() {
    return inTransaction(() -> models.find(model.id()));
  }

  private Map<TaskKey, Object> results() {
    return inTransaction(() -> tasks.results(model.importId(), Set.of(ImportStep.ROUNDING)));
  }

  @Test
  void workersThatRaceForATaskBringOneResult() throws Exception {
    List<Worker> workers = IntStream.range(0, 6).mapToObj(i -> new Worker(LONG)).toList();
    ExecutorService threads = Executors.newFixedThreadPool(workers.size());
    try {
      List<Future<Void>> all =
          workers.stream().map(w -> threads.submit(() -> run(() -> w.work.on(request())))).toList();
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(task().state()).isEqualTo(TaskState.DONE);
    assertThat(task().attempt()).isEqualTo(1);
    assertThat(results()).hasSize(1);
    assertThat(stored().course().done()).isEqualTo(task().cost());
  }

  @Test
  void aTaskToldTwiceIsDoneOnce() {
    Worker worker = new Worker(LONG);

    run(() -> worker.work.on(request()));
    run(() -> worker.work.on(request()));

    assertThat(stored().course().done()).isEqualTo(task().cost());
    assertThat(task().attempt()).isEqualTo(1);
  }

  @Test
  void aRunningLeaseIsRespected() {
    Optional<Claim> held = run(() -> new Worker(LONG).leases.claim(model.importId(), KEY));

    run(() -> new Worker(LONG).work.on(request()));

    assertThat(held).isPresent();
    assertThat(task().state()).isEqualTo(TaskState.LEASED);
    assertThat(results()).isEmpty();
  }

  @Test
  void anExpiredLeaseIsTakenOver() {
    run(() -> new Worker(GONE).leases.claim(model.importId(), KEY));

    run(() -> new Worker(LONG).work.on(request()));

    assertThat(task().state()).isEqualTo(TaskState.DONE);
    assertThat(task().attempt()).isEqualTo(2);
    assertThat(stored().course().done()).isEqualTo(task().cost());
  }

  @Test
  void whoLostItsLeaseCannotStoreAnything() {
    CompletableFuture<Void> wake = new CompletableFuture<>();
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    Worker late = new Worker(GONE);
    CompletableFuture<Void> slow =
        subscribed(
            () ->
                late.execution
                    .perform(
                        late.leases.claim(model.importId(), KEY),
                        claimed -> OffLoop.run(Infrastructure.getDefaultWorkerPool(), wake::join),
                        (claim, nothing) ->
                            tasks
                                .finish(claim.task(), claim.task().finish(), null)
                                .invoke(stored::complete)
                                .replaceWithVoid())
                    .replaceWithVoid());
    await().atMost(TaskLoop.PATIENCE).until(() -> task().attempt() == 1);
    run(() -> new Worker(LONG).work.on(request()));
    Map<TaskKey, Object> before = results();

    wake.complete(null);
    slow.join();

    assertThat(stored.join()).isFalse();
    assertThat(results()).isEqualTo(before).hasSize(1);
    assertThat(stored().course().done()).isEqualTo(task().cost());
  }

  private static CompletableFuture<Void> subscribed(Supplier<Uni<Void>> work) {
    return CompletableFuture.runAsync(() -> run(work));
  }

  @Test
  void aWorkerWithItsHandsFullLeavesATaskToOthers() {
    Worker busy = new Worker(LONG);
    run(() -> busy.leases.claimWaiting(Optional.of(model.importId())));

    run(() -> busy.work.on(request()));
    run(() -> busy.work.helpOut(Optional.of(model.importId())));

    assertThat(busy.leases.handsFull()).isTrue();
    assertThat(results()).isEmpty();
  }

  @Test
  void whoHelpsOutDoesAllThatWaitsThoughToldOfNothing() {
    Worker idle = new Worker(LONG);

    run(() -> idle.work.helpOut(Optional.of(model.importId())));

    assertThat(idle.leases.handsFull()).isFalse();
    assertThat(task()).satisfiesAnyOf(gone -> assertThat(gone).isNull(), this::isDone);
    assertThat(stored().publication()).isNotNull();
  }

  private void isDone(ImportTask task) {
    assertThat(task.state()).isEqualTo(TaskState.DONE);
  }

  @Test
  void renewingKeepsATaskFromBeingTakenOver() {
    Worker holder = new Worker(Duration.ofMillis(700));
    run(() -> holder.leases.claim(model.importId(), KEY));
    ImportTask before = task();

    run(holder.leases::renew);

    assertThat(task().leaseUntil()).isAfter(before.leaseUntil());
    assertThat(task().attempt()).isEqualTo(before.attempt());
  }

  @Test
  void aDeadWorkersTaskIsOfferedAgainAndTheImportIsPublished() {
    run(() -> new Worker(GONE).leases.claim(model.importId(), KEY));
    await().atMost(TaskLoop.PATIENCE).until(() -> toldOfKey() == 1);

    run(offers::sweep);

    await().atMost(TaskLoop.PATIENCE).until(() -> toldOfKey() == 2);
    await()
        .atMost(TaskLoop.PATIENCE)
        .until(
            () -> {
              loop.forward();
              return stored().publication() != null;
            });
    await()
        .atMost(TaskLoop.PATIENCE)
        .until(
            () ->
                loop.told("model-published").stream()
                        .filter(event -> model.id().value().equals(event.getString("model")))
                        .count()
                    == 1);
  }

  private long toldOfKey() {
    return loop.told("quantization-tasks").stream()
        .filter(event -> model.importId().toString().equals(event.getString("importId")))
        .filter(event -> KEY.step().label().equals(event.getString("step")))
        .filter(event -> KEY.subject().equals(event.getString("subject")))
        .count();
  }

  @Test
  void tasksWhoseEventsWereLostAreToldAgain() {
    await().atMost(TaskLoop.PATIENCE).until(() -> toldOfKey() == 1);
    OfferTasks impatient = new OfferTasks(tasks, outbox, new TestWorkConfig(LONG, 5));

    run(impatient::sweep);

    await().atMost(TaskLoop.PATIENCE).until(() -> toldOfKey() >= 2);
  }

  @Test
  void anAttemptThatFailsFromOutsideIsRepeated() {
    isRepeatedAfter(new IllegalStateException("the disk is full"));
  }

  @Test
  void anAttemptIsRepeatedWhenTheBlobStoreWasAway() {
    isRepeatedAfter(new Unavailable("blob store", null));
  }

  private void isRepeatedAfter(RuntimeException failure) {
    Worker worker = new Worker(LONG);
    run(
        () ->
            worker.execution.<Void>perform(
                worker.leases.claim(model.importId(), KEY),
                claimed -> Uni.createFrom().failure(failure),
                (claim, nothing) -> Uni.createFrom().voidItem()));
    assertThat(task().state()).isEqualTo(TaskState.LEASED);

    run(() -> worker.work.on(request()));

    assertThat(task().state()).isEqualTo(TaskState.DONE);
    assertThat(task().attempt()).isEqualTo(2);
  }

  @Test
  void anImportIsFailedWhenATaskIsBegunTooOften() {
    run(() -> new Worker(GONE, 2).leases.claim(model.importId(), KEY));
    run(() -> new Worker(GONE, 2).leases.claim(model.importId(), KEY));

    run(() -> new Worker(GONE, 2).work.on(request()));

    assertThat(stored().course().state()).isEqualTo(ImportState.FAILED);
    assertThat(stored().course().failure().type()).endsWith("/task-given-up");
    assertThat(task()).isNull();
  }

  @Test
  void aFailedImportCanBeBegunAnew() {
    Worker worker = new Worker(GONE, 0);
    run(() -> worker.work.on(request()));
    assertThat(stored().course().state()).isEqualTo(ImportState.FAILED);

    ImportedModel anew =
        run(
            () ->
                imports.begin(
                    new ImportRequest(FolderSource.parse(model.source()), model.id(), null)));

    assertThat(anew.importId()).isNotEqualTo(model.importId());
    assertThat(stored().course().state()).isEqualTo(ImportState.IMPORTING);
  }

  @Test
  void aWithdrawnImportTakesWhatItsCalibrationHasStoredWithIt() {
    BlobRef seen = blobs.put("seen".getBytes(StandardCharsets.UTF_8));
    TaskKey key = new TaskKey(ImportStep.OBSERVATION, "0");
    inTransaction(
        () ->
            tasks
                .find(model.importId(), key)
                .chain(task -> tasks.finish(task, done(task), observation(seen))));

    run(() -> withdrawals.withdraw(model.id()));

    assertThatThrownBy(() -> blobs.read(seen.sha256())).isInstanceOf(MissingBlob.class);
  }

  private static ImportTask done(ImportTask blocked) {
    Instant now = Instant.now();
    return blocked.unblock(now).claim("worker", now, LONG).orElseThrow().finish();
  }

  private static Observation observation(BlobRef seen) {
    return new Observation(Map.of("embedding", seen));
  }

  @Test
  void twoRequestsForOneModelBeginOneImport() throws Exception {
    FolderSource source = FolderSource.parse(ModelFolder.copy().name());
    ModelId id = new ModelId("twice-" + UUID.randomUUID());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<ImportedModel>> all =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> run(() -> imports.begin(new ImportRequest(source, id, null)))))
              .toList();
      UUID first = all.get(0).get().importId();
      for (Future<ImportedModel> one : all) {
        assertThat(one.get().importId()).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
