package dev.facet.kernel.ladder;

import java.util.List;
import java.util.Map;

/**
 * Everything needed to cut bundles from one ladder; stored as a blob, named by its digest.
 *
 * @param format always {@value #FORMAT}
 * @param tensors in execution order
 * @param shards in execution order, then by depth
 * @param losses by group, the divergence that calibration foretells of each depth from 2 on, nats;
 *     without groups of which nothing is foretold
 */
public record LadderIndex(
    String format,
    String model,
    String revision,
    String ladder,
    ArchitectureConfig config,
    BlobRef tokenizer,
    List<LadderTensor> tensors,
    List<LadderShard> shards,
    Map<String, List<Double>> losses) {
  public static final String FORMAT = "facet-ladder/1";

  /** Indexes written before there were losses have none. */
  public LadderIndex {
    losses = losses == null ? Map.of() : losses;
  }
}
