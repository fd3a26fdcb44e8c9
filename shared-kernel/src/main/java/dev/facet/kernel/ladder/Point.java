package dev.facet.kernel.ladder;

import java.util.Map;

/**
 * A published cut through a ladder: what plans and the tuner may choose.
 *
 * @param id for example {@code full-4}
 * @param bodyBits mean bits of a linear layer's weight, scales included
 * @param bitsPerWeight mean bits over all tensors, scales included
 * @param bytes what a browser downloads for it, tokenizer left out
 * @param quality null while not yet measured
 * @param bits depth of each tensor group
 * @param label {@value #DEGRADED} where the loss of quality shows, else null
 */
public record Point(
    String id,
    String ladder,
    double bodyBits,
    double bitsPerWeight,
    long bytes,
    Quality quality,
    Map<String, Integer> bits,
    String label) {
  public static final String DEGRADED = "degraded";

  /** A point without a label. */
  public Point(
      String id,
      String ladder,
      double bodyBits,
      double bitsPerWeight,
      long bytes,
      Quality quality,
      Map<String, Integer> bits) {
    this(id, ladder, bodyBits, bitsPerWeight, bytes, quality, bits, null);
  }

  /** The same point, measured. */
  public Point measured(Quality found, String labelled) {
    return new Point(id, ladder, bodyBits, bitsPerWeight, bytes, found, bits, labelled);
  }
}
