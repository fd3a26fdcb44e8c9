package dev.facet.quantization.adapter.rest;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.importing.ImportState;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.PeerTable;
import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.report.LayerBits;
import dev.facet.quantization.domain.report.QualityReport;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Answer of {@code GET /v1/models/{id}/report}.
 *
 * @param edition what is published
 * @param points each with its quality and the depth of every tensor group
 * @param refused points that are too far from the full-precision model to be published
 * @param peers what other tools make of the model; null if that is not known
 * @param layers mean bits of a code in each layer, for each point
 * @param worst the tensors that coding has cost most, by ladder
 * @param tensors all of them, in execution order
 */
@Schema(name = "Report")
public record ReportView(
    String model,
    String revision,
    ModelView.EditionView edition,
    boolean improving,
    List<ReportPoint> points,
    List<PointView> refused,
    PeerTable peers,
    List<LayerBits> layers,
    Map<String, List<TensorError>> worst,
    List<TensorError> tensors) {

  /**
   * A point and its precision map.
   *
   * @param anchoredMeanKl mean divergence that a ladder anchored for this very size would have, as
   *     calibration foretells; null for points that are anchored for their size
   */
  @Schema(name = "ReportPoint")
  public record ReportPoint(PointView point, Map<String, Integer> bits, Double anchoredMeanKl) {
    static ReportPoint of(Point point, QualityReport report) {
      return new ReportPoint(PointView.of(point), point.bits(), report.anchoredMeanKl(point));
    }
  }

  static ReportView of(ImportedModel model) {
    QualityReport report = new QualityReport(model.publication());
    return new ReportView(
        model.id().value(),
        model.revision(),
        ModelView.EditionView.of(model.publication()),
        model.course().state() == ImportState.IMPROVING,
        model.publication().points().stream().map(point -> ReportPoint.of(point, report)).toList(),
        model.publication().refused().stream().map(PointView::of).toList(),
        model.publication().peers(),
        report.layers(),
        report.worst(),
        model.publication().tensors());
  }
}
