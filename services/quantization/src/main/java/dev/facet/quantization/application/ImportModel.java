package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.CheckpointProblem;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.ModelExists;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Begins imports. */
@ApplicationScoped
public class ImportModel {
  private static final int TRIES = 3;

  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final ModelRepository models;
  private final TaskRepository tasks;
  private final OfferTasks offers;

  ImportModel(
      Checkpoints checkpoints,
      BlobStore blobs,
      ModelRepository models,
      TaskRepository tasks,
      OfferTasks offers) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.models = models;
    this.tasks = tasks;
    this.offers = offers;
  }

  /** A checked import and its tasks, not yet stored. */
  private record Prepared(ImportedModel model, List<ImportTask> tasks) {}

  /**
   * Checks a checkpoint and stores its import with all its tasks. The same content under the same
   * id is not imported twice, unless it failed before; other content fails with {@link
   * ModelExists}.
   *
   * @return the model as stored
   */
  public Uni<ImportedModel> begin(ImportRequest request) {
    return OffLoop.run(Infrastructure.getDefaultWorkerPool(), () -> prepare(request))
        .chain(
            prepared ->
                Panache.withTransaction(() -> store(prepared))
                    .onFailure(ConcurrentImport.class)
                    .retry()
                    .atMost(TRIES));
  }

  private Prepared prepare(ImportRequest request) {
    try (Checkpoint checkpoint = checkpoints.open(request.source())) {
      List<TaskKey> keys = new ArrayList<>();
      for (LadderSpec ladder : LadderSpec.PUBLISHED) {
        for (TensorGroup group : List.<TensorGroup>of()) {
          keys.add(new TaskKey(ladder.name(), group.id()));
        }
      }
      ImportedModel model = model(request, checkpoint, keys.size());
      return new Prepared(model, tasks(model, keys));
    }
  }

  private ImportedModel model(ImportRequest request, Checkpoint checkpoint, int groupTasks) {
    return new ImportedModel(
        UUID.randomUUID(),
        request.id(),
        checkpoints.revision(checkpoint),
        request.source().toString(),
        checkpoint.config(),
        checkpoint.parameters(),
        storeTokenizer(checkpoint),
        request.heldOutText() == null
            ? null
            : blobs.put(request.heldOutText().getBytes(StandardCharsets.UTF_8)),
        ImportCourse.begin(groupTasks),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        null);
  }

  private BlobRef storeTokenizer(Checkpoint checkpoint) {
    Path file = checkpoint.tokenizer();
    try {
      return blobs.put(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CheckpointProblem.Unreadable(
          file.getFileName().toString(), e.getClass().getSimpleName());
    }
  }

  private static List<ImportTask> tasks(ImportedModel model, List<TaskKey> keys) {
    List<ImportTask> tasks = new ArrayList<>();
    for (TaskKey key : keys) {
      tasks.add(ImportTask.offered(model.importId(), model.id(), key, model.importedAt()));
    }
    tasks.add(ImportTask.blocked(model.importId(), model.id(), TaskKey.COMPLETION));
    return tasks;
  }

  private Uni<ImportedModel> store(Prepared prepared) {
    ImportedModel model = prepared.model();
    return models
        .lock(model.id())
        .chain(
            existing -> {
              if (existing == null) {
                return add(prepared);
              }
              if (existing.course().state() == ImportState.FAILED) {
                return models.remove(existing).chain(() -> add(prepared));
              }
              return existing.revision().equals(model.revision())
                  ? Uni.createFrom().item(existing)
                  : Uni.createFrom().failure(new ModelExists(existing, model.revision()));
            });
  }

  private Uni<ImportedModel> add(Prepared prepared) {
    List<ImportTask> offered =
        prepared.tasks().stream().filter(task -> !task.key().isCompletion()).toList();
    return models
        .add(prepared.model())
        .chain(() -> tasks.addAll(prepared.tasks()))
        .chain(() -> offers.tell(offered))
        .replaceWith(prepared.model());
  }
}
