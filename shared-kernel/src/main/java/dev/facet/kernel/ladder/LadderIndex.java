package dev.facet.kernel.ladder;

import java.util.List;

/**
 * Everything needed to cut bundles from one ladder; stored as a blob, named by its digest.
 *
 * @param format always {@value #FORMAT}
 * @param tensors in execution order
 * @param shards in execution order, then by depth
 */
public record LadderIndex(
    String format,
    String model,
    String revision,
    String ladder,
    ArchitectureConfig config,
    BlobRef tokenizer,
    List<LadderTensor> tensors,
    List<LadderShard> shards) {
  public static final String FORMAT = "facet-ladder/1";
}
