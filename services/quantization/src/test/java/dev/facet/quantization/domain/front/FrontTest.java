package dev.facet.quantization.domain.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontTest {
  private static Point point(String id, String ladder, double bits, long bytes, Double meanKl) {
    Quality quality =
        meanKl == null ? null : new Quality(7.5, 7.4, meanKl, meanKl * 9, meanKl * 40, 0.95);
    return new Point(id, ladder, bits, bits, bytes, quality, Map.of());
  }

  @Test
  void leavesOutWhatASmallerPointOfItsLadderBeats() {
    Front front =
        Front.of(
            List.of(
                point("full-4", "full", 4.25, 400, 0.01),
                point("full-3", "full", 3.25, 300, 0.06),
                point("full-3.5", "full", 3.75, 350, 0.07),
                point("compact-2.5", "compact", 2.75, 320, 0.08)),
            List.of("full", "compact"),
            true);

    assertThat(front.published())
        .extracting(Point::id)
        .containsExactly("full-3", "full-4", "compact-2.5");
    assertThat(front.refused()).isEmpty();
  }

  @Test
  void keepsRefusedPointsApartAndLabelsPoorOnes() {
    Front front =
        Front.of(
            List.of(
                point("full-2", "full", 2.25, 200, 0.9),
                point("full-2.5", "full", 2.75, 250, 0.3),
                point("full-4", "full", 4.25, 400, 0.01)),
            List.of("full"),
            true);

    assertThat(front.refused()).extracting(Point::id).containsExactly("full-2");
    assertThat(front.published()).extracting(Point::label).containsExactly(Point.DEGRADED, null);
  }

  @Test
  void publishesWhatCouldNotBeMeasured() {
    Front front =
        Front.of(List.of(point("full-2", "full", 2.25, 200, null)), List.of("full"), true);

    assertThat(front.published()).extracting(Point::id).containsExactly("full-2");
  }

  @Test
  void publishesPoorPointsWithALabelWhereThatIsAskedFor() {
    Front front =
        Front.of(List.of(point("full-2", "full", 2.25, 200, 0.9)), List.of("full"), false);

    assertThat(front.published()).extracting(Point::label).containsExactly(Point.DEGRADED);
    assertThat(front.refused()).isEmpty();
  }
}
