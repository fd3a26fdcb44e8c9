package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Checks everything about a checkpoint but its weights, and lays out the import's tasks. Calls
 * block.
 */
@ApplicationScoped
public class ImportPreparation {
  private final Checkpoints checkpoints;
  private final Tokenizers tokenizers;
  private final PointMeasurement measurement;
  private final BlobStore blobs;

  ImportPreparation(
      Checkpoints checkpoints,
      Tokenizers tokenizers,
      PointMeasurement measurement,
      BlobStore blobs) {
    this.checkpoints = checkpoints;
    this.tokenizers = tokenizers;
    this.measurement = measurement;
    this.blobs = blobs;
  }

  /**
   * @throws dev.facet.kernel.problem.DomainProblem if the source, the checkpoint, its tokenizer or
   *     the text given is not usable
   */
  PreparedImport prepare(ImportRequest request) {
    try (Checkpoint checkpoint = checkpoints.open(request.source())) {
      requireTokenizer(request, checkpoint);
      List<TaskKey> keys = new ArrayList<>();
      for (LadderSpec ladder : LadderSpec.PUBLISHED) {
        for (TensorGroup group : TensorGroup.of(checkpoint.tensors())) {
          keys.add(new TaskKey(ladder.name(), group.id()));
        }
      }
      ImportedModel model = model(request, checkpoint, keys.size());
      return new PreparedImport(model, tasks(model, keys));
    }
  }

  /** Also shows whether a text given with the import is long enough. */
  private void requireTokenizer(ImportRequest request, Checkpoint checkpoint) {
    if (request.heldOutText() == null) {
      tokenizers.with(checkpoint.tokenizer(), tokenizer -> tokenizer.encode("a"));
    } else {
      measurement.windows(checkpoint.tokenizer(), checkpoint.config(), request.heldOutText());
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
        storeText(request.heldOutText()),
        ImportCourse.begin(groupTasks),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        null);
  }

  private BlobRef storeTokenizer(Checkpoint checkpoint) {
    return blobs.put(checkpoint.tokenizer().json());
  }

  private BlobRef storeText(String text) {
    return text == null ? null : blobs.put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ImportTask> tasks(ImportedModel model, List<TaskKey> keys) {
    List<ImportTask> tasks = new ArrayList<>();
    for (TaskKey key : keys) {
      tasks.add(ImportTask.offered(model.importId(), model.id(), key, model.importedAt()));
    }
    tasks.add(ImportTask.blocked(model.importId(), model.id(), TaskKey.COMPLETION));
    return tasks;
  }
}
