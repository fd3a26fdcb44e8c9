package dev.facet.quantization.domain.front;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.precision.Knapsack;
import dev.facet.quantization.domain.precision.PrecisionOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the compact ladder's anchors and the cuts through the ladders. Each cut is the best map
 * for the bytes that a uniform one would take, by a knapsack over the foretold losses of the
 * groups; the same losses give the same plan. A group anchored at a depth loses less there than as
 * a prefix of a deeper one: by {@link #ANCHOR_SHARES}, as measured (docs/codec.md).
 */
public final class FrontPlanner {
  /** Shallowest depth of embedding and head. */
  private static final int LEAST_TABLE = 4;

  /** Loss of linear layers anchored at 2, 3 and 4 over that of a prefix so deep. */
  private static final double[] ANCHOR_SHARES = {0.67, 0.68, 1};

  private static final double[] PREFIX_SHARES = {1, 1, 1};
  private static final double COMPACT_BODY_BITS = 2.75;
  private static final double COMPACT_TABLE_BITS = 4.25;

  private final List<TensorGroup> groups;
  private final Map<String, List<Double>> losses;
  private final SizeOfCut sizes;

  /** Bytes of a tensor group at a depth. */
  @FunctionalInterface
  public interface SizeOfCut {
    long bytes(String group, int depth);
  }

  /**
   * @param losses by group, of the full ladder at each depth from 2 to the anchor
   * @param sizes of the full ladder's groups
   */
  public FrontPlanner(List<TensorGroup> groups, Map<String, List<Double>> losses, SizeOfCut sizes) {
    this.groups = List.copyOf(groups);
    this.losses = Map.copyOf(losses);
    this.sizes = sizes;
  }

  /** The fewest bits that any cut reads a group at; 0 for float32. */
  public static int leastDepth(TensorGroup group) {
    return switch (group.kind()) {
      case LINEAR -> CodeSettings.MIN_DEPTH;
      case TABLE -> LEAST_TABLE;
      case DENSE -> 0;
    };
  }

  public FrontPlan plan() {
    Map<String, Integer> compact = map(best(compactBudget(), ANCHOR_SHARES));
    List<PlannedCut> cuts = new ArrayList<>();
    Map<String, Double> anchored = new LinkedHashMap<>();
    for (double bits : List.of(2.0, 2.5, 3.0, 3.5)) {
      String id = LadderSpec.FULL.name() + "-" + words(bits);
      List<PrecisionOption> cut = best(uniform(bits), PREFIX_SHARES);
      cuts.add(new PlannedCut(id, LadderSpec.FULL.name(), map(cut)));
      anchored.put(id, anchoredShare(cut));
    }
    cuts.add(atAnchors(LadderSpec.FULL));
    cuts.add(new PlannedCut(LadderSpec.COMPACT + "-2", LadderSpec.COMPACT, shallowest(compact)));
    cuts.add(new PlannedCut(LadderSpec.COMPACT + "-2.5", LadderSpec.COMPACT, compact));
    cuts.add(atAnchors(LadderSpec.REFERENCE));
    return new FrontPlan(compact, cuts, anchored);
  }

  /** Loss of the best map of a cut's size, each group anchored where it ends, over the cut's. */
  private double anchoredShare(List<PrecisionOption> cut) {
    long bytes = cut.stream().mapToLong(PrecisionOption::bytes).sum();
    double loss = loss(cut);
    return loss == 0 ? 1 : Math.min(1, loss(best(bytes, ANCHOR_SHARES)) / loss);
  }

  private static double loss(List<PrecisionOption> chosen) {
    return chosen.stream().mapToDouble(PrecisionOption::loss).sum();
  }

  private PlannedCut atAnchors(LadderSpec ladder) {
    return new UniformCuts(ladder, groups).cut(ladder.linearAnchor());
  }

  private static String words(double bits) {
    return bits == Math.rint(bits) ? Long.toString((long) bits) : Double.toString(bits);
  }

  /** Linear layers half way down to 2 bits: each group that can spare one gives a bit. */
  private Map<String, Integer> shallowest(Map<String, Integer> anchors) {
    Map<String, Integer> cut = new LinkedHashMap<>();
    for (TensorGroup group : groups) {
      int anchor = anchors.get(group.id());
      boolean linear = group.kind() == TensorGroup.Kind.LINEAR;
      cut.put(group.id(), linear ? Math.max(2, anchor - 1) : anchor);
    }
    return cut;
  }

  /** Bytes of a full ladder cut evenly; between two depths, of their mean. */
  private long uniform(double bits) {
    int below = (int) Math.floor(bits);
    double share = bits - below;
    double bytes = 0;
    for (TensorGroup group : groups) {
      int anchor = LadderSpec.FULL.anchor(group);
      boolean linear = group.kind() == TensorGroup.Kind.LINEAR;
      long lower = sizes.bytes(group.id(), linear ? below : anchor);
      long upper = linear && share > 0 ? sizes.bytes(group.id(), below + 1) : lower;
      bytes += lower + share * (upper - lower);
    }
    return Math.round(bytes);
  }

  private long compactBudget() {
    double bytes = 0;
    for (TensorGroup group : groups) {
      bytes +=
          switch (group.kind()) {
            case LINEAR -> group.weights() * COMPACT_BODY_BITS / 8;
            case TABLE -> group.weights() * COMPACT_TABLE_BITS / 8;
            case DENSE -> sizes.bytes(group.id(), 0);
          };
    }
    return Math.max(Math.round(bytes), least());
  }

  private long least() {
    return groups.stream().mapToLong(group -> options(group, ANCHOR_SHARES).get(0).bytes()).sum();
  }

  private List<PrecisionOption> best(long budget, double[] shares) {
    List<List<PrecisionOption>> options = new ArrayList<>();
    groups.forEach(group -> options.add(options(group, shares)));
    return Knapsack.solve(options, Math.max(budget, least()));
  }

  private Map<String, Integer> map(List<PrecisionOption> chosen) {
    Map<String, Integer> map = new LinkedHashMap<>();
    for (int g = 0; g < groups.size(); g++) {
      map.put(groups.get(g).id(), chosen.get(g).bits());
    }
    return map;
  }

  /** What a group may be read at, fewest bits first. */
  private List<PrecisionOption> options(TensorGroup group, double[] shares) {
    if (group.kind() == TensorGroup.Kind.DENSE) {
      return List.of(option(group, 0, 0));
    }
    List<PrecisionOption> options = new ArrayList<>();
    for (int depth = leastDepth(group); depth <= LadderSpec.FULL.anchor(group); depth++) {
      int i = depth - CodeSettings.MIN_DEPTH;
      double share = group.kind() == TensorGroup.Kind.LINEAR ? shares[i] : 1;
      options.add(option(group, depth, share * losses.get(group.id()).get(i)));
    }
    return options;
  }

  private PrecisionOption option(TensorGroup group, int depth, double loss) {
    return new PrecisionOption(depth, sizes.bytes(group.id(), depth), loss);
  }
}
