package dev.facet.telemetry.domain.measurement;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A batch with more bytes than are taken, as sent or after decompression. */
public final class BatchTooLarge extends DomainProblem {
  /**
   * @param limit most bytes taken
   */
  public BatchTooLarge(int limit) {
    super(
        "batch-too-large",
        413,
        "Batch too large",
        "A batch has at most %d bytes, before and after decompression; send fewer events at once."
            .formatted(limit),
        Map.of("limitBytes", limit));
  }
}
