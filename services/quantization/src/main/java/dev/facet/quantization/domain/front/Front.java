package dev.facet.quantization.domain.front;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.front.QualityGates.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Measured points sorted out: within a ladder only those are published that no other of at most
 * their size is better than, and only those that pass the gates. Points that could not be measured
 * are published as they are.
 *
 * @param published ladder by ladder, smallest first
 * @param refused those that pass no gate
 */
public record Front(List<Point> published, List<Point> refused) {
  public Front {
    published = List.copyOf(published);
    refused = List.copyOf(refused);
  }

  /**
   * @param ladders their order
   * @param refuse whether points that pass no gate are refused, or published with a label
   */
  public static Front of(List<Point> points, List<String> ladders, boolean refuse) {
    List<Point> published = new ArrayList<>();
    List<Point> refused = new ArrayList<>();
    for (String ladder : ladders) {
      double least = Double.POSITIVE_INFINITY;
      for (Point point : smallestFirst(points, ladder)) {
        if (point.quality() == null) {
          published.add(point);
        } else if (point.quality().meanKl() < least) {
          least = point.quality().meanKl();
          Verdict verdict = QualityGates.judge(point.bodyBits(), point.quality());
          (verdict == Verdict.REFUSED && refuse ? refused : published)
              .add(point.measured(point.quality(), QualityGates.label(verdict)));
        }
      }
    }
    return new Front(published, refused);
  }

  private static List<Point> smallestFirst(List<Point> points, String ladder) {
    return points.stream()
        .filter(point -> point.ladder().equals(ladder))
        .sorted(Comparator.comparingLong(Point::bytes))
        .toList();
  }
}
