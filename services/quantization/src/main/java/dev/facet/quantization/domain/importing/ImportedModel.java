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
 * @param revision first 12 digits of the SHA-256 over the checkpoint's content
 * @param source as the operator named it
 * @param parameters number of weights
 * @param heldOutText text given with the import to measure on; null for the service's own
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
    BlobRef heldOutText,
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
        heldOutText,
        next,
        importedAt,
        publication);
  }

  /** The model once its last task is done. */
  public ImportedModel publish(Publication brought) {
    return new ImportedModel(
        importId,
        id,
        revision,
        source,
        config,
        parameters,
        tokenizer,
        heldOutText,
        course.published(),
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
        revision,
        parameters,
        config,
        tokenizer,
        publication.ladders(),
        publication.points(),
        publication.publishedAt());
  }
}
