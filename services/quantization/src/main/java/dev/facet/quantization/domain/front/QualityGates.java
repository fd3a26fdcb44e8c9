package dev.facet.quantization.domain.front;

import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import java.util.List;
import java.util.Optional;

/**
 * The least quality that a point is published with. Each gate is what a good quantization of that
 * many bits reaches; a point is held to the gate of its own bits, is labelled when it only passes a
 * lower one or the lowest, and refused when it passes none.
 */
public final class QualityGates {
  /**
   * @param bodyBits least bits of a linear layer's weight that the gate is for
   * @param growth of the perplexity over the full-precision model's
   */
  private record Gate(double bodyBits, double meanKl, double top1Agreement, double growth) {
    boolean passes(Quality quality) {
      return quality.meanKl() <= meanKl
          && quality.top1Agreement() >= top1Agreement
          && quality.perplexity() <= quality.baselinePerplexity() * (1 + growth);
    }
  }

  /** Best first. */
  private static final List<Gate> GATES =
      List.of(
          new Gate(7.5, 0.003, 0.975, 0.01),
          new Gate(3.75, 0.05, 0.91, 0.04),
          new Gate(2.95, 0.15, 0.85, 0.12),
          new Gate(0, 0.45, 0.72, 0.45));

  private QualityGates() {}

  /** What to do with a point. */
  public enum Verdict {
    /** It has the quality that its bits promise. */
    GOOD,
    /** It may be planned, and says that it is degraded. */
    DEGRADED,
    /** It is never planned. */
    REFUSED
  }

  /** The verdict on a measured point. */
  public static Verdict judge(double bodyBits, Quality quality) {
    Optional<Gate> passed = GATES.stream().filter(gate -> gate.passes(quality)).findFirst();
    if (passed.isEmpty()) {
      return Verdict.REFUSED;
    }
    Gate own = GATES.stream().filter(gate -> bodyBits >= gate.bodyBits).findFirst().orElseThrow();
    boolean lowest = GATES.indexOf(passed.get()) == GATES.size() - 1;
    boolean below = GATES.indexOf(passed.get()) > GATES.indexOf(own);
    return lowest || below ? Verdict.DEGRADED : Verdict.GOOD;
  }

  /** The label that a verdict gives a point; null for none. */
  public static String label(Verdict verdict) {
    return verdict == Verdict.GOOD ? null : Point.DEGRADED;
  }
}
