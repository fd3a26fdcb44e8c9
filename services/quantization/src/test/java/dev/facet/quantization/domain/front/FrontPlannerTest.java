package dev.facet.quantization.domain.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.ladder.TensorGroup;
import dev.facet.quantization.domain.ladder.TensorGroup.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontPlannerTest {
  private static final long WEIGHTS = 64 * 64;
  private static final List<TensorGroup> GROUPS = groups();
  private final FrontPlan plan = new FrontPlanner(GROUPS, losses(), FrontPlannerTest::bytes).plan();

  private static List<TensorGroup> groups() {
    List<TensorGroup> groups = new ArrayList<>();
    groups.add(group("embedding", Kind.TABLE));
    for (int layer = 0; layer < 4; layer++) {
      groups.add(group("layers." + layer + ".qk", Kind.LINEAR));
      groups.add(group("layers." + layer + ".down", Kind.LINEAR));
    }
    groups.add(group("dense", Kind.DENSE));
    return groups;
  }

  private static TensorGroup group(String id, Kind kind) {
    return new TensorGroup(id, kind, List.of(new TensorSpec(id + ".weight", 64, 64)));
  }

  /** Down projections matter ten times as much; each bit more divides the loss by four. */
  private static Map<String, List<Double>> losses() {
    Map<String, List<Double>> losses = new HashMap<>();
    for (TensorGroup group : GROUPS) {
      List<Double> byDepth = new ArrayList<>();
      double loss = group.id().endsWith("down") ? 0.05 : 0.005;
      for (int depth = 2; depth <= LadderSpec.FULL.anchor(group); depth++, loss /= 4) {
        byDepth.add(loss);
      }
      losses.put(group.id(), byDepth);
    }
    return losses;
  }

  private static long bytes(String group, int depth) {
    return group.equals("dense") ? 1000 : WEIGHTS * (4L * depth + 1) / 32;
  }

  private static long bytes(PlannedCut cut) {
    return cut.bits().entrySet().stream().mapToLong(e -> bytes(e.getKey(), e.getValue())).sum();
  }

  private PlannedCut cut(String id) {
    return plan.cuts().stream().filter(cut -> cut.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void plansCutsThroughAllLadders() {
    assertThat(plan.cuts())
        .extracting(PlannedCut::id)
        .containsExactly(
            "full-2",
            "full-2.5",
            "full-3",
            "full-3.5",
            "full-4",
            "compact-2",
            "compact-2.5",
            "reference-8");
  }

  @Test
  void noCutTakesMoreThanAUniformOneOfItsSize() {
    UniformCuts uniform = new UniformCuts(LadderSpec.FULL, GROUPS);

    assertThat(bytes(cut("full-3"))).isLessThanOrEqualTo(bytes(uniform.cut(3)));
    assertThat(bytes(cut("full-2"))).isLessThanOrEqualTo(bytes(uniform.cut(2)));
    assertThat(bytes(cut("full-2.5"))).isBetween(bytes(cut("full-2")), bytes(cut("full-3")));
  }

  @Test
  void givesBitsToTheGroupsThatMatter() {
    Map<String, Integer> map = cut("full-3").bits();

    assertThat(map.get("layers.1.down")).isGreaterThan(map.get("layers.1.qk"));
  }

  @Test
  void noCutIsDeeperThanItsLadder() {
    for (PlannedCut cut : plan.of(LadderSpec.COMPACT)) {
      plan.compactAnchors()
          .forEach(
              (group, anchor) -> assertThat(cut.bits().get(group)).isLessThanOrEqualTo(anchor));
    }
    for (PlannedCut cut : plan.of("full")) {
      GROUPS.forEach(
          group ->
              assertThat(cut.bits().get(group.id()))
                  .isBetween(FrontPlanner.leastDepth(group), LadderSpec.FULL.anchor(group)));
    }
  }

  @Test
  void theSameLossesGiveTheSamePlan() {
    assertThat(new FrontPlanner(GROUPS, losses(), FrontPlannerTest::bytes).plan()).isEqualTo(plan);
  }

  @Test
  void tellsWhatAnchoringForACutsSizeWouldLeaveOfItsLoss() {
    assertThat(plan.anchoredShares())
        .containsOnlyKeys("full-2", "full-2.5", "full-3", "full-3.5")
        .allSatisfy((cut, share) -> assertThat(share).isBetween(0.5, 1.0));
    assertThat(plan.anchoredShares().get("full-2")).isLessThan(0.7);
  }
}
