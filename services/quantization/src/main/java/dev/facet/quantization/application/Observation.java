package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import java.util.Map;

/**
 * What one share of the calibration text has shown.
 *
 * @param seen blob for each tensor group that is coded
 */
public record Observation(Map<String, BlobRef> seen) {
  public Observation {
    seen = Map.copyOf(seen);
  }
}
