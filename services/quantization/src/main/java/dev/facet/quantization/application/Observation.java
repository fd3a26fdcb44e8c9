package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import java.util.List;
import java.util.Map;

/**
 * One share of the calibration.
 *
 * @param windows token ids of the text observed
 * @param moments blob of the moments that each linear layer's inputs have, by the tensor's name
 */
public record Observation(List<int[]> windows, Map<String, BlobRef> moments) {
  public Observation {
    windows = List.copyOf(windows);
    moments = Map.copyOf(moments);
  }
}
