package dev.facet.quantization.domain.precision;

import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Segment;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every tensor group coded at every anchor it may get, as needed, in memory: at the very bits asked
 * for, or at a ladder's anchor and cut to them. Safe for use by several threads.
 */
final class CodedOptions {
  private record Key(String group, int anchor) {}

  private record Coded(EncodedGroup group, LadderReader reader) {}

  private final LadderEncoder encoder;
  private final List<TensorGroup> groups;
  private final Optional<LadderSpec> ladder;
  private final Map<String, TensorGroup> byTensor = new HashMap<>();
  private final Map<Key, Coded> coded = new HashMap<>();

  CodedOptions(LadderEncoder encoder, List<TensorGroup> groups, Optional<LadderSpec> ladder) {
    this.encoder = encoder;
    this.ladder = ladder;
    this.groups = List.copyOf(groups);
    groups.forEach(group -> group.tensors().forEach(t -> byTensor.put(t.name(), group)));
  }

  List<TensorGroup> groups() {
    return groups;
  }

  /** The most bits that a group can have. */
  int deepest(TensorGroup group) {
    return ladder.map(spec -> spec.anchor(group)).orElse(CodeSettings.MAX_DEPTH);
  }

  /** Bytes of a group at {@code bits}; 0 bits are float32. */
  long bytes(TensorGroup group, int bits) {
    return coded(group, bits).group.tensors().stream()
        .map(LadderTensor::segments)
        .flatMap(List::stream)
        .filter(segment -> segment.depth() <= bits)
        .mapToLong(Segment::bytes)
        .sum();
  }

  /** The model with each group at its bits. */
  WeightSource weights(Map<String, Integer> bits) {
    Map<String, WeightSource> sources = new HashMap<>();
    for (TensorGroup group : groups) {
      int depth = bits.get(group.id());
      sources.put(group.id(), coded(group, depth).reader.cut(Map.of(group.id(), depth)));
    }
    return (tensor, firstRow, rowCount, target, offset) ->
        source(sources, tensor).read(tensor, firstRow, rowCount, target, offset);
  }

  private WeightSource source(Map<String, WeightSource> sources, TensorSpec tensor) {
    return sources.get(byTensor.get(tensor.name()).id());
  }

  private synchronized Coded coded(TensorGroup group, int bits) {
    int anchor = ladder.map(spec -> spec.anchor(group)).orElse(bits);
    return coded.computeIfAbsent(new Key(group.id(), anchor), key -> encode(group, anchor));
  }

  private Coded encode(TensorGroup group, int anchor) {
    Map<String, byte[]> shards = new HashMap<>();
    EncodedGroup encoded =
        encoder.encode("mixed", group, anchor, (s, bytes) -> shards.put(s.sha256(), bytes));
    return new Coded(encoded, new LadderReader(List.of(encoded), shards::get));
  }
}
