package dev.facet.quantization.adapter.rest;

import dev.facet.quantization.domain.importing.ImportedModel;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A model as shown.
 *
 * @param state {@code importing}, {@code published} or {@code failed}
 * @param parameters number of weights
 * @param contextLength tokens
 * @param problem what stopped the import; null unless failed
 * @param points what plans may choose; empty until published
 */
@Schema(name = "Model")
public record ModelView(
    String id,
    String revision,
    String state,
    String architecture,
    long parameters,
    int contextLength,
    Progress progress,
    ProblemView problem,
    List<PointView> points,
    Instant importedAt,
    Instant publishedAt) {

  /** Tasks that are done, of all. */
  @Schema(name = "Progress")
  public record Progress(int done, int total) {}

  static ModelView of(ImportedModel model) {
    var publication = model.publication();
    return new ModelView(
        model.id().value(),
        model.revision(),
        model.course().state().label(),
        model.config().architecture(),
        model.parameters(),
        model.config().contextLength(),
        new Progress(model.course().done(), model.course().total()),
        ProblemView.of(model.course().failure()),
        publication == null ? List.of() : publication.points().stream().map(PointView::of).toList(),
        model.importedAt(),
        publication == null ? null : publication.publishedAt());
  }
}
