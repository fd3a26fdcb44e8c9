package dev.facet.streaming.domain.bundle;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What calibration foretells of each depth that a group may stop at.
 *
 * @param byGroup nats at depths from 2 on; without groups of which nothing is foretold
 */
record ForetoldLosses(Map<String, List<Double>> byGroup) {
  private static final int BASE = 2;

  /** Divergence while the group stands at a depth; empty where nothing is foretold. */
  OptionalDouble at(String group, int depth) {
    List<Double> losses = byGroup.getOrDefault(group, List.of());
    return depth - BASE < losses.size()
        ? OptionalDouble.of(losses.get(depth - BASE))
        : OptionalDouble.empty();
  }

  /** Whether it is known what a plane brings. */
  boolean tell(Plane plane) {
    return at(plane.group(), plane.depth()).isPresent();
  }

  /** Nats that go when a group rises from one depth to another; both must be foretold. */
  double gain(String group, int from, int to) {
    return at(group, from).orElseThrow() - at(group, to).orElseThrow();
  }
}
