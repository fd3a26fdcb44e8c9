package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Checks everything about a checkpoint but its weights, and lays out the import's tasks. Calls
 * block.
 */
@ApplicationScoped
public class ImportPreparation {
  private final Checkpoints checkpoints;
  private final Tokenizers tokenizers;
  private final ImportTexts texts;
  private final ImportLayout layout;
  private final BlobStore blobs;

  ImportPreparation(
      Checkpoints checkpoints,
      Tokenizers tokenizers,
      ImportTexts texts,
      ImportLayout layout,
      BlobStore blobs) {
    this.checkpoints = checkpoints;
    this.tokenizers = tokenizers;
    this.texts = texts;
    this.layout = layout;
    this.blobs = blobs;
  }

  /**
   * @throws dev.facet.kernel.problem.DomainProblem if the source, the checkpoint, its tokenizer or
   *     the text given is not usable
   */
  PreparedImport prepare(ImportRequest request) {
    try (Checkpoint checkpoint = checkpoints.open(request.source())) {
      requireTokenizer(request, checkpoint);
      Map<TaskKey, Long> costs = layout.tasks(checkpoint);
      ImportedModel model = model(request, checkpoint, course(costs));
      return new PreparedImport(model, tasks(model, costs));
    }
  }

  /** Also shows whether a text given with the import is long enough. */
  private void requireTokenizer(ImportRequest request, Checkpoint checkpoint) {
    if (request.text() == null || !checkpoint.isDecoder()) {
      tokenizers.with(checkpoint.tokenizer(), tokenizer -> tokenizer.encode("a"));
    } else {
      texts.requireUsable(checkpoint.tokenizer(), checkpoint.config(), request.text());
    }
  }

  private static ImportCourse course(Map<TaskKey, Long> costs) {
    long first = 0;
    long improvement = 0;
    for (Map.Entry<TaskKey, Long> cost : costs.entrySet()) {
      boolean improves = cost.getKey().step().improves();
      first += improves ? 0 : cost.getValue();
      improvement += improves ? cost.getValue() : 0;
    }
    return ImportCourse.begin(first, improvement, now());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private ImportedModel model(ImportRequest request, Checkpoint checkpoint, ImportCourse course) {
    return new ImportedModel(
        UUID.randomUUID(),
        request.id(),
        checkpoints.revision(checkpoint),
        request.source().toString(),
        checkpoint.config(),
        checkpoint.parameters(),
        storeTokenizer(checkpoint),
        storeText(request.text()),
        course,
        course.stageBegan(),
        null);
  }

  private BlobRef storeTokenizer(Checkpoint checkpoint) {
    return blobs.put(checkpoint.tokenizer().json());
  }

  private BlobRef storeText(String text) {
    return text == null ? null : blobs.put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<ImportTask> tasks(ImportedModel model, Map<TaskKey, Long> costs) {
    List<ImportTask> tasks = new ArrayList<>();
    costs.forEach(
        (key, cost) ->
            tasks.add(
                key.step() == ImportStep.ROUNDING
                    ? ImportTask.offered(
                        model.importId(), model.id(), key, cost, model.importedAt())
                    : ImportTask.blocked(model.importId(), model.id(), key, cost)));
    return tasks;
  }
}
