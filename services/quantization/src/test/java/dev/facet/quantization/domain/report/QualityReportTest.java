package dev.facet.quantization.domain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import dev.facet.quantization.domain.importing.Edition;
import dev.facet.quantization.domain.importing.Publication;
import dev.facet.quantization.domain.importing.TensorError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QualityReportTest {
  @Test
  void namesTheWorstTensorsOfEachLadder() {
    List<TensorError> errors = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      errors.add(new TensorError("full", "layers.0.v", "t" + i, 1, 4, i / 10.0));
    }
    errors.add(new TensorError("reference", "layers.0.v", "t0", 1, 8, 0.001));
    QualityReport report = new QualityReport(publication(List.of(), errors));

    assertThat(report.worst().get("full"))
        .extracting(TensorError::tensor)
        .containsExactly("t7", "t6", "t5", "t4", "t3");
    assertThat(report.worst().get("reference")).hasSize(1);
  }

  @Test
  void weighsBitsOfALayerByItsTensors() {
    Point point =
        new Point(
            "p", "full", 0, 0, 0, null, Map.of("layers.1.v", 2, "layers.1.down", 4, "head", 6));
    QualityReport report =
        new QualityReport(
            publication(
                List.of(point),
                List.of(
                    new TensorError("full", "layers.1.v", "v", 100, 4, 0),
                    new TensorError("full", "layers.1.down", "down", 300, 4, 0),
                    new TensorError("full", "head", "head", 50, 6, 0))));

    assertThat(report.layers())
        .containsExactly(
            new LayerBits("layers.1", Map.of("p", 3.5)), new LayerBits("head", Map.of("p", 6.0)));
  }

  @Test
  void anAnchorForTheVerySizeLosesItsShareOfWhatAPointLoses() {
    Quality quality = new Quality(8, 7, 0.2, 1, 2.0, 0.9);
    Point measured = new Point("p", "full", 2, 2, 1, quality, Map.of());
    Point other = new Point("q", "full", 2, 2, 1, quality, Map.of());
    Point unmeasured = new Point("p", "full", 2, 2, 1, null, Map.of());
    QualityReport report = new QualityReport(publication(List.of(measured, other), List.of()));

    assertThat(report.anchoredMeanKl(measured)).isEqualTo(0.75 * 0.2);
    assertThat(report.anchoredMeanKl(other)).isNull();
    assertThat(report.anchoredMeanKl(unmeasured)).isNull();
  }

  private static Publication publication(List<Point> points, List<TensorError> errors) {
    return new Publication(
        Edition.ROUNDED,
        "0123456789ab",
        List.of(),
        points,
        List.of(),
        errors,
        Map.of("p", 0.75),
        null,
        Instant.EPOCH);
  }
}
