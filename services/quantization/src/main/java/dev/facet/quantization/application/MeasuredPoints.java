package dev.facet.quantization.application;

import dev.facet.kernel.ladder.Point;
import java.util.List;

/** Points of one ladder; their quality is null if there was no way to measure it. */
public record MeasuredPoints(List<Point> points) {
  public MeasuredPoints {
    points = List.copyOf(points);
  }
}
