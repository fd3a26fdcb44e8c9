package dev.facet.streaming.domain.bundle;

import dev.facet.kernel.ladder.LadderShard;
import java.util.List;

/**
 * The shards of one tensor group at one depth.
 *
 * @param depth 3 and up: what refines
 */
record Plane(String group, int depth, List<LadderShard> shards) {
  long bytes() {
    return shards.stream().mapToLong(LadderShard::bytes).sum();
  }
}
