package dev.facet.quantization.adapter.rest;

import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A point as shown.
 *
 * @param bodyBits bits of a linear layer's weight, scales included
 * @param bitsPerWeight the same over all tensors
 * @param bytes what a browser downloads, tokenizer left out
 * @param quality null if not measured
 * @param label {@code degraded} where the loss shows, else null
 */
@Schema(name = "Point")
public record PointView(
    String id,
    String ladder,
    double bodyBits,
    double bitsPerWeight,
    long bytes,
    Quality quality,
    String label) {
  static PointView of(Point point) {
    return new PointView(
        point.id(),
        point.ladder(),
        point.bodyBits(),
        point.bitsPerWeight(),
        point.bytes(),
        point.quality(),
        point.label());
  }
}
