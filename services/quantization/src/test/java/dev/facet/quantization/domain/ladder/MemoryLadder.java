package dev.facet.quantization.domain.ladder;

import dev.facet.quantization.domain.checkpoint.Checkpoint;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.EmbeddedEncoder;
import dev.facet.quantization.domain.front.UniformCuts;
import dev.facet.quantization.domain.kernel.Kernels;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A ladder made by rounding, as a first edition has it, with its shards in memory. */
public final class MemoryLadder {
  private final LadderSpec spec;
  private final List<TensorGroup> groups;
  private final LadderReader reader;

  private MemoryLadder(LadderSpec spec, List<TensorGroup> groups, LadderReader reader) {
    this.spec = spec;
    this.groups = groups;
    this.reader = reader;
  }

  public static MemoryLadder of(Checkpoint checkpoint, LadderSpec spec, Workers workers) {
    EmbeddedEncoder rounding = new EmbeddedEncoder(Kernels.quantization(), workers);
    LadderEncoder encoder = new LadderEncoder(checkpoint, MatrixEncoder.rounding(rounding));
    Map<String, byte[]> shards = new HashMap<>();
    List<TensorGroup> groups = TensorGroup.of(checkpoint.tensors());
    List<EncodedGroup> encoded = new ArrayList<>();
    for (TensorGroup group : groups) {
      encoded.add(encoder.encode(spec, group, (shard, bytes) -> shards.put(shard.sha256(), bytes)));
    }
    return new MemoryLadder(spec, groups, new LadderReader(encoded, shards::get));
  }

  /** The weights of the point whose linear layers are so deep. */
  public WeightSource cut(int depth) {
    return reader.cut(new UniformCuts(spec, groups).cut(depth).bits());
  }
}
