package dev.facet.quantization.domain.precision;

import java.util.Arrays;
import java.util.List;

/**
 * Chooses one option for each group so that the sum of losses is least and the sum of bytes stays
 * within a budget. Exact by dynamic programming, but for sizes above the least being rounded up to
 * a {@value #BUCKETS}th of the room there is to spend.
 */
public final class Knapsack {
  private static final int BUCKETS = 1 << 16;

  private final List<List<PrecisionOption>> groups;
  private final long[] least;
  private final long unit;
  private final int room;

  private Knapsack(List<List<PrecisionOption>> groups, long budget) {
    this.groups = groups;
    this.least = groups.stream().mapToLong(Knapsack::leastBytes).toArray();
    long total = Arrays.stream(least).sum();
    if (total > budget) {
      throw new BudgetTooSmall(budget, total);
    }
    this.unit = Math.max(1, (budget - total) / BUCKETS);
    this.room = (int) Math.min(BUCKETS * 2L, (budget - total) / unit);
  }

  /**
   * @return the chosen option of each group
   * @throws BudgetTooSmall if the smallest options together exceed the budget
   */
  public static List<PrecisionOption> solve(List<List<PrecisionOption>> groups, long budget) {
    return new Knapsack(groups, budget).solve();
  }

  private static long leastBytes(List<PrecisionOption> options) {
    return options.stream().mapToLong(PrecisionOption::bytes).min().orElseThrow();
  }

  private List<PrecisionOption> solve() {
    byte[][] chosen = new byte[groups.size()][room + 1];
    double[] losses = new double[room + 1];
    for (int g = 0; g < groups.size(); g++) {
      losses = add(g, losses, chosen[g]);
    }
    PrecisionOption[] options = new PrecisionOption[groups.size()];
    int left = room;
    for (int g = groups.size() - 1; g >= 0; g--) {
      options[g] = groups.get(g).get(chosen[g][left]);
      left -= cost(g, options[g]);
    }
    return Arrays.asList(options);
  }

  /** The least loss within each room once group {@code g} is added, and the option it takes. */
  private double[] add(int g, double[] before, byte[] chosen) {
    double[] after = new double[room + 1];
    Arrays.fill(after, Double.POSITIVE_INFINITY);
    for (int o = 0; o < groups.get(g).size(); o++) {
      PrecisionOption option = groups.get(g).get(o);
      int cost = cost(g, option);
      for (int have = cost; have <= room; have++) {
        double loss = before[have - cost] + option.loss();
        if (loss < after[have]) {
          after[have] = loss;
          chosen[have] = (byte) o;
        }
      }
    }
    return after;
  }

  /** What an option takes of the room, rounded up; beyond all room if it can never be chosen. */
  private int cost(int g, PrecisionOption option) {
    long units = (option.bytes() - least[g] + unit - 1) / unit;
    return (int) Math.min(units, room + 1L);
  }
}
