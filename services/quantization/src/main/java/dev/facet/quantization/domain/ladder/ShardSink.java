package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderShard;

/** Takes finished shards. The same shard may come twice; storing it again must change nothing. */
@FunctionalInterface
public interface ShardSink {
  /**
   * @param bytes the shard's content, whose SHA-256 is its name; not changed afterwards
   */
  void accept(LadderShard shard, byte[] bytes);
}
