package dev.facet.quantization.adapter.cli;

import dev.facet.kernel.ladder.Point;
import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderPoints;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.MatrixEncoder;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A ladder coded to memory, as an import would store it, and one cut through it.
 *
 * @param reader gives back what the shards hold
 */
record QuantizedModel(Point point, LadderReader reader) {

  /**
   * @param name of the ladder
   * @param anchors depth to which each group is coded
   * @param cut depth at which each group is read
   * @param matrices codes the tensors
   */
  static QuantizedModel encode(
      Checkpoint checkpoint,
      String name,
      Map<String, Integer> anchors,
      Map<String, Integer> cut,
      MatrixEncoder matrices) {
    LadderEncoder encoder = new LadderEncoder(checkpoint, matrices);
    Map<String, byte[]> shards = new HashMap<>();
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    List<EncodedGroup> encoded = new ArrayList<>();
    for (TensorGroup group : groups) {
      encoded.add(
          encoder.encode(
              name,
              group,
              anchors.get(group.id()),
              (shard, bytes) -> shards.put(shard.sha256(), bytes)));
    }
    LadderSpec ladder = new LadderSpec(name, CodeSettings.MAX_DEPTH, CodeSettings.MAX_DEPTH);
    Point point = new LadderPoints(ladder, groups, encoded).point(name, cut);
    return new QuantizedModel(point, new LadderReader(encoded, shards::get));
  }
}
