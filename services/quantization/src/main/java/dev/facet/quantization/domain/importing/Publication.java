package dev.facet.quantization.domain.importing;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.Point;
import java.time.Instant;
import java.util.List;

/**
 * What an import has brought.
 *
 * @param ladders index blob of each ladder
 * @param points what plans may choose, richest last
 * @param tensors what coding has cost each tensor, in execution order, ladder by ladder
 */
public record Publication(
    List<ModelPublished.Ladder> ladders,
    List<Point> points,
    List<TensorError> tensors,
    Instant publishedAt) {
  public Publication {
    ladders = List.copyOf(ladders);
    points = List.copyOf(points);
    tensors = List.copyOf(tensors);
  }
}
