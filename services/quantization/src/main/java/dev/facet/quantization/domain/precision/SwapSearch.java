package dev.facet.quantization.domain.precision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Hill climbing from a map: takes a step of precision from one group and gives steps to others, as
 * the budget allows, in the order of what the sensitivities promise; keeps what measuring shows to
 * be better.
 */
final class SwapSearch {
  private record Swap(int up, int down, double promise) {}

  private final List<List<PrecisionOption>> options;
  private final long budget;
  private final ToDoubleFunction<List<PrecisionOption>> measure;

  SwapSearch(
      List<List<PrecisionOption>> options,
      long budget,
      ToDoubleFunction<List<PrecisionOption>> measure) {
    this.options = options;
    this.budget = budget;
    this.measure = measure;
  }

  /**
   * @param trials maps to measure besides the first
   */
  List<PrecisionOption> improve(List<PrecisionOption> start, int trials) {
    List<PrecisionOption> best = start;
    double least = measure.applyAsDouble(start);
    Set<List<PrecisionOption>> tried = new HashSet<>(Set.of(start));
    for (int trial = 0; trial < trials; trial++) {
      List<PrecisionOption> next = next(best, tried);
      if (next == null) {
        return best;
      }
      tried.add(next);
      double loss = measure.applyAsDouble(next);
      if (loss < least) {
        least = loss;
        best = next;
      }
    }
    return best;
  }

  /** The most promising map next to {@code from} not tried yet; null if there is none. */
  private List<PrecisionOption> next(List<PrecisionOption> from, Set<List<PrecisionOption>> tried) {
    return swaps(from).stream()
        .sorted(Comparator.comparingDouble(Swap::promise))
        .map(swap -> apply(from, swap))
        .filter(map -> !tried.contains(map))
        .findFirst()
        .orElse(null);
  }

  private List<Swap> swaps(List<PrecisionOption> from) {
    long left = budget - from.stream().mapToLong(PrecisionOption::bytes).sum();
    List<Swap> swaps = new ArrayList<>();
    for (int up = 0; up < from.size(); up++) {
      PrecisionOption finer = neighbour(up, from.get(up), 1);
      for (int down = 0; finer != null && down < from.size(); down++) {
        PrecisionOption coarser = neighbour(down, from.get(down), -1);
        if (coarser == null || down == up) {
          continue;
        }
        long grown = finer.bytes() - from.get(up).bytes();
        long freed = from.get(down).bytes() - coarser.bytes();
        if (grown - freed <= left) {
          double loss = finer.loss() - from.get(up).loss() + coarser.loss() - from.get(down).loss();
          swaps.add(new Swap(up, down, loss));
        }
      }
    }
    return swaps;
  }

  private List<PrecisionOption> apply(List<PrecisionOption> from, Swap swap) {
    List<PrecisionOption> map = new ArrayList<>(from);
    map.set(swap.up, neighbour(swap.up, from.get(swap.up), 1));
    map.set(swap.down, neighbour(swap.down, from.get(swap.down), -1));
    return map;
  }

  /** The next option of a group with more or fewer bits; null at the end. */
  private PrecisionOption neighbour(int group, PrecisionOption option, int step) {
    int at = options.get(group).indexOf(option) + step;
    return at >= 0 && at < options.get(group).size() ? options.get(group).get(at) : null;
  }
}
