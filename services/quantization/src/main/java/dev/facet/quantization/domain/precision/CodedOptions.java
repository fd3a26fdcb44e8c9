package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import dev.facet.quantization.domain.ladder.LadderEncoder;
import dev.facet.quantization.domain.ladder.LadderReader;
import dev.facet.quantization.domain.ladder.TensorGroup;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every tensor group coded at every anchor it may get, as needed, in memory: at the very bits asked
 * for, or at a ladder's anchor and cut to them. Safe for use by several threads.
 */
final class CodedOptions {
  private record Key(String group, int anchor) {}

  private final LadderEncoder encoder;
  private final List<TensorGroup> groups;
  private final Map<String, Integer> anchors;
  private final Map<String, TensorGroup> byTensor = new HashMap<>();
  private final Map<Key, SoftReference<LadderReader>> coded = new HashMap<>();

  /**
   * @param anchors of the ladder to cut; empty to code each group at the bits asked for
   */
  CodedOptions(LadderEncoder encoder, List<TensorGroup> groups, Map<String, Integer> anchors) {
    this.encoder = encoder;
    this.anchors = Map.copyOf(anchors);
    this.groups = List.copyOf(groups);
    groups.forEach(group -> group.tensors().forEach(t -> byTensor.put(t.name(), group)));
  }

  List<TensorGroup> groups() {
    return groups;
  }

  /** The most bits that a group can have. */
  int deepest(TensorGroup group) {
    return anchors.getOrDefault(group.id(), CodeSettings.MAX_DEPTH);
  }

  /** Bytes of a group at {@code bits}; 0 bits are float32. */
  long bytes(TensorGroup group, int bits) {
    return LadderEncoder.bytes(group, anchor(group, bits), bits);
  }

  /** The groups named, each at its bits. */
  WeightSource weights(Map<String, Integer> bits) {
    Map<String, WeightSource> sources = new HashMap<>();
    for (TensorGroup group : groups) {
      Integer depth = bits.get(group.id());
      if (depth != null) {
        sources.put(group.id(), reader(group, depth).cut(Map.of(group.id(), depth)));
      }
    }
    return (tensor, firstRow, rowCount, target, offset) ->
        source(sources, tensor).read(tensor, firstRow, rowCount, target, offset);
  }

  private WeightSource source(Map<String, WeightSource> sources, TensorSpec tensor) {
    return sources.get(byTensor.get(tensor.name()).id());
  }

  private int anchor(TensorGroup group, int bits) {
    return anchors.getOrDefault(group.id(), bits);
  }

  private synchronized LadderReader reader(TensorGroup group, int bits) {
    int anchor = anchor(group, bits);
    Key key = new Key(group.id(), anchor);
    SoftReference<LadderReader> held = coded.get(key);
    LadderReader reader = held == null ? null : held.get();
    if (reader == null) {
      reader = encode(group, anchor);
      coded.put(key, new SoftReference<>(reader));
    }
    return reader;
  }

  private LadderReader encode(TensorGroup group, int anchor) {
    Map<String, byte[]> shards = new HashMap<>();
    EncodedGroup encoded =
        encoder.encode("mixed", group, anchor, (s, bytes) -> shards.put(s.sha256(), bytes));
    return new LadderReader(List.of(encoded), shards::get);
  }
}
