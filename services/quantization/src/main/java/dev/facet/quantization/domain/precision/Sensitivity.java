package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What each tensor group adds to the divergence at each of its bits. Measured around a map of 3
 * bits (6 for embedding and head), where the losses of groups nearly add up: linear layers with one
 * bit less and one more, tables at 4 bits. Finer options follow from there, an error power of a
 * quarter for each bit.
 */
final class Sensitivity {
  private static final List<Integer> LINEAR_BITS = List.of(2, 3, 4, 5, 6);
  private static final List<Integer> TABLE_BITS = List.of(3, 4, 5, 6, 8);
  private static final int LINEAR_BASE = 3;
  private static final int TABLE_BASE = 6;
  private static final int TABLE_PROBE = 4;

  /** By how much one more bit lowers the H-weighted error: measured 3.85 from 2 to 3 and 3 to 4. */
  private static final double PER_BIT = 3.9;

  /** Least share of the loss at 2 bits that is taken to be there at 3, against noise. */
  private static final double LEAST_SHARE = 0.12;

  private final CodedOptions options;
  private final PrecisionProbe probe;
  private final IntConsumer progress;
  private final Map<String, Integer> base = new LinkedHashMap<>();
  private double baseLoss;

  /**
   * @param progress told the number of groups done
   */
  Sensitivity(CodedOptions options, PrecisionProbe probe, IntConsumer progress) {
    this.options = options;
    this.probe = probe;
    this.progress = progress;
    options.groups().forEach(group -> base.put(group.id(), baseBits(group)));
  }

  private static int baseBits(TensorGroup group) {
    return switch (group.kind()) {
      case LINEAR -> LINEAR_BASE;
      case TABLE -> TABLE_BASE;
      case DENSE -> 0;
    };
  }

  /** The options of each group, in the order of the groups. */
  List<List<PrecisionOption>> measure() {
    probe.base(base);
    baseLoss = probe.measure(base);
    List<List<PrecisionOption>> all = new ArrayList<>();
    for (TensorGroup group : options.groups()) {
      all.add(
          switch (group.kind()) {
            case LINEAR -> linear(group);
            case TABLE -> table(group);
            case DENSE -> List.of(new PrecisionOption(0, options.bytes(group, 0), 0));
          });
      progress.accept(all.size());
    }
    return all;
  }

  private List<PrecisionOption> linear(TensorGroup group) {
    double less = change(group, LINEAR_BASE - 1);
    double more = change(group, LINEAR_BASE + 1);
    double atBase = Math.max(-more * PER_BIT / (PER_BIT - 1), LEAST_SHARE * Math.max(less, 0));
    List<PrecisionOption> found = new ArrayList<>();
    for (int bits : within(group, LINEAR_BITS)) {
      double loss =
          bits < LINEAR_BASE
              ? atBase + Math.max(less, 0)
              : atBase / Math.pow(PER_BIT, bits - LINEAR_BASE);
      found.add(new PrecisionOption(bits, options.bytes(group, bits), loss));
    }
    return found;
  }

  private List<PrecisionOption> table(TensorGroup group) {
    double atProbe = Math.max(change(group, TABLE_PROBE), 0);
    List<PrecisionOption> found = new ArrayList<>();
    for (int bits : within(group, TABLE_BITS)) {
      double loss = atProbe / Math.pow(PER_BIT, bits - TABLE_PROBE);
      found.add(new PrecisionOption(bits, options.bytes(group, bits), loss));
    }
    return found;
  }

  private List<Integer> within(TensorGroup group, List<Integer> bits) {
    return bits.stream().filter(depth -> depth <= options.deepest(group)).toList();
  }

  /** What another number of bits does to the base map's divergence. */
  private double change(TensorGroup group, int bits) {
    Map<String, Integer> map = new LinkedHashMap<>(base);
    map.put(group.id(), bits);
    double loss =
        group.kind() == TensorGroup.Kind.TABLE
            ? probe.measure(map)
            : probe.measureFrom(group.layer(), map);
    return loss - baseLoss;
  }
}
