package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.LadderTensor;
import java.util.List;

/**
 * One tensor group of one ladder, coded: where its segments lie. The bytes themselves went to the
 * {@link ShardSink}.
 *
 * @param tensors in execution order
 * @param shards by depth, then by rows
 */
public record EncodedGroup(
    String ladder, String group, List<LadderTensor> tensors, List<LadderShard> shards) {
  public EncodedGroup {
    tensors = List.copyOf(tensors);
    shards = List.copyOf(shards);
  }
}
