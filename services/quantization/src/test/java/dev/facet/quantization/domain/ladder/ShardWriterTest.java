package dev.facet.quantization.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardWriterTest {
  private static final int MIB = 1 << 20;

  @Test
  void shardsAreCutBeforeTheyPassFourMebibytes() {
    // Given
    Map<String, List<Segment>> segments = Map.of("a", new ArrayList<>(), "b", new ArrayList<>());
    Map<String, byte[]> stored = new HashMap<>();
    ShardWriter writer =
        new ShardWriter("g", 3, (shard, bytes) -> stored.put(shard.sha256(), bytes), segments);

    // When
    writer.add("a", 0, 10, filled(3 * MIB, 1));
    writer.add("a", 10, 5, filled(MIB, 2));
    writer.add("b", 0, 1, filled(16, 3));
    List<LadderShard> shards = writer.finish();

    // Then
    assertThat(shards).extracting(LadderShard::bytes).containsExactly(4L * MIB, 16L);
    assertThat(shards).allMatch(shard -> shard.depth() == 3 && shard.group().equals("g"));
    assertThat(shards)
        .allMatch(shard -> Digest.of(stored.get(shard.sha256())).hex().equals(shard.sha256()));
    assertThat(segments.get("a"))
        .containsExactly(
            new Segment(3, shards.get(0).sha256(), 0, 3 * MIB, 0, 10),
            new Segment(3, shards.get(0).sha256(), 3 * MIB, MIB, 10, 5));
    assertThat(segments.get("b"))
        .containsExactly(new Segment(3, shards.get(1).sha256(), 0, 16, 0, 1));
  }

  private static byte[] filled(int bytes, int value) {
    byte[] filled = new byte[bytes];
    Arrays.fill(filled, (byte) value);
    return filled;
  }
}
