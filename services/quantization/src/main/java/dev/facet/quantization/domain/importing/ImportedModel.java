package dev.facet.quantization.domain.importing;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import java.time.Instant;
import java.util.UUID;

/**
 * A model and the course of its import. Immutable.
 *
 * @param importId this run; tasks and events carry it
 * @param revision of the checkpoint: first 12 digits of the SHA-256 over its content
 * @param source as the operator named it
 * @param parameters number of weights
 * @param givenText text given with the import, to calibrate and to measure on; null if none was
 * @param publication null until published
 */
public record ImportedModel(
    UUID importId,
    ModelId id,
    String revision,
    String source,
    ArchitectureConfig config,
    long parameters,
    BlobRef tokenizer,
    BlobRef givenText,
    ImportCourse course,
    Instant importedAt,
    Publication publication) {

  public ImportedModel with(ImportCourse next) {
    return new ImportedModel(
        importId,
        id,
        revision,
        source,
        config,
        parameters,
        tokenizer,
        givenText,
        next,
        importedAt,
        publication);
  }

  /** The model with an edition published by a task. */
  public ImportedModel publish(Publication brought, TaskKey by) {
    return new ImportedModel(
        importId,
        id,
        revision,
        source,
        config,
        parameters,
        tokenizer,
        givenText,
        course.published(by, brought.publishedAt()),
        importedAt,
        brought);
  }

  /**
   * What others are told.
   *
   * @throws IllegalStateException if the model is not published
   */
  public ModelPublished toEvent() {
    if (publication == null) {
      throw new IllegalStateException(id + " is not published");
    }
    return new ModelPublished(
        id.value(),
        publication.revision(),
        parameters,
        config,
        tokenizer,
        publication.ladders(),
        publication.points(),
        publication.publishedAt());
  }
}
