package dev.facet.quantization.adapter.rest;

import dev.facet.quantization.application.ModelState;
import dev.facet.quantization.domain.importing.Fetch;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A model as shown.
 *
 * @param revision null while its files are fetched, as architecture is
 * @param state {@code fetching}, {@code importing}, {@code published} or {@code failed}
 * @param parameters number of weights
 * @param contextLength tokens
 * @param edition what is published; null before
 * @param improving whether a better edition is being made
 * @param problem what stopped the import, or its improvement; else null
 * @param points what plans may choose; empty until published
 */
@Schema(name = "Model")
public record ModelView(
    String id,
    String revision,
    String state,
    EditionView edition,
    boolean improving,
    String architecture,
    long parameters,
    int contextLength,
    Progress progress,
    ProblemView problem,
    List<PointView> points,
    Instant importedAt,
    Instant publishedAt) {

  /**
   * How far the present stage is.
   *
   * @param done work done, of {@code total}; while files are fetched bytes
   * @param secondsLeft at the pace so far; null before there is one, and at the end
   */
  @Schema(name = "Progress")
  public record Progress(long done, long total, Long secondsLeft) {
    static Progress of(ImportCourse course) {
      return new Progress(
          course.done(),
          course.total(),
          course.left(Instant.now()).map(Duration::toSeconds).orElse(null));
    }
  }

  /**
   * What is published.
   *
   * @param name {@code rounded} or {@code calibrated}
   * @param revision what bundles of it are named by
   */
  @Schema(name = "Edition")
  public record EditionView(String name, String revision) {
    static EditionView of(Publication publication) {
      return publication == null || publication.edition() == null
          ? null
          : new EditionView(publication.edition().label(), publication.revision());
    }
  }

  static ModelView of(ModelState state) {
    return state.model() == null ? of(state.fetch()) : of(state.model());
  }

  private static ModelView of(Fetch fetch) {
    return new ModelView(
        fetch.model().value(),
        null,
        fetch.course().state().label(),
        null,
        false,
        null,
        0,
        0,
        Progress.of(fetch.course()),
        ProblemView.of(fetch.course().failure()),
        List.of(),
        fetch.begunAt(),
        null);
  }

  private static ModelView of(ImportedModel model) {
    var publication = model.publication();
    return new ModelView(
        model.id().value(),
        model.revision(),
        model.course().state().label(),
        EditionView.of(publication),
        model.course().state() == ImportState.IMPROVING,
        model.config().architecture(),
        model.parameters(),
        model.config().contextLength(),
        Progress.of(model.course()),
        ProblemView.of(model.course().failure()),
        publication == null ? List.of() : publication.points().stream().map(PointView::of).toList(),
        model.importedAt(),
        publication == null ? null : publication.publishedAt());
  }
}
