package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fills the shards of one group at one depth, one after the other. */
final class ShardWriter {
  private static final int SHARD_BYTES = 4 << 20;

  private record Pending(String tensor, long offset, int bytes, int firstRow, int rowCount) {}

  private final String group;
  private final int depth;
  private final ShardSink sink;
  private final Map<String, List<Segment>> segments;
  private final List<LadderShard> shards = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  /**
   * @param segments receives the segments by tensor
   */
  ShardWriter(String group, int depth, ShardSink sink, Map<String, List<Segment>> segments) {
    this.group = group;
    this.depth = depth;
    this.sink = sink;
    this.segments = segments;
  }

  void add(String tensor, int firstRow, int rowCount, byte[] segment) {
    if (content.size() > 0 && content.size() + (long) segment.length > SHARD_BYTES) {
      flush();
    }
    pending.add(new Pending(tensor, content.size(), segment.length, firstRow, rowCount));
    content.writeBytes(segment);
  }

  /** Hands out the last shard and returns all. */
  List<LadderShard> finish() {
    if (content.size() > 0) {
      flush();
    }
    return shards;
  }

  private void flush() {
    byte[] bytes = content.toByteArray();
    LadderShard shard = new LadderShard(Digest.of(bytes).hex(), bytes.length, group, depth);
    for (Pending part : pending) {
      segments
          .get(part.tensor)
          .add(
              new Segment(
                  depth, shard.sha256(), part.offset, part.bytes, part.firstRow, part.rowCount));
    }
    sink.accept(shard, bytes);
    shards.add(shard);
    pending.clear();
    content.reset();
  }
}
