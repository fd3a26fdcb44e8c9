package dev.facet.streaming.domain.bundle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders refinement planes by the quality that each byte of them brings. A group's planes stay in
 * the order of their depths; one that brings little but opens the way to one that brings much is
 * counted with it. Where it is not foretold what planes bring, they go depth by depth, since a bit
 * more everywhere is worth more than two bits more here and there.
 */
final class RefinementOrder {
  private final ForetoldLosses losses;

  private RefinementOrder(ForetoldLosses losses) {
    this.losses = losses;
  }

  /**
   * @param planes in execution order, then by depth, which decides between equals
   */
  static List<Plane> of(List<Plane> planes, ForetoldLosses losses) {
    return planes.stream().allMatch(losses::tell)
        ? new RefinementOrder(losses).byGain(planes)
        : planes.stream().sorted(Comparator.comparingInt(Plane::depth)).toList();
  }

  private List<Plane> byGain(List<Plane> planes) {
    Map<String, Deque<Plane>> left = new LinkedHashMap<>();
    planes.forEach(
        plane -> left.computeIfAbsent(plane.group(), g -> new ArrayDeque<>()).add(plane));
    List<Plane> ordered = new ArrayList<>(planes.size());
    while (ordered.size() < planes.size()) {
      Deque<Plane> best = steepest(left.values());
      ordered.add(best.remove());
      left.values().removeIf(Deque::isEmpty);
    }
    return ordered;
  }

  /** The first of the groups whose next planes bring most for a byte. */
  private Deque<Plane> steepest(Iterable<Deque<Plane>> groups) {
    Deque<Plane> best = null;
    double most = Double.NEGATIVE_INFINITY;
    for (Deque<Plane> group : groups) {
      double gain = gainPerByte(group);
      if (best == null || gain > most) {
        best = group;
        most = gain;
      }
    }
    return best;
  }

  /** Of the next plane, or of as many as bring most together. */
  private double gainPerByte(Deque<Plane> group) {
    int from = group.element().depth() - 1;
    double most = Double.NEGATIVE_INFINITY;
    long bytes = 0;
    for (Plane plane : group) {
      bytes += plane.bytes();
      most = Math.max(most, losses.gain(plane.group(), from, plane.depth()) / bytes);
    }
    return most;
  }
}
