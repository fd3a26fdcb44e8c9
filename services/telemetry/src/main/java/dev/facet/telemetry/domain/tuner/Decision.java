package dev.facet.telemetry.domain.tuner;

/**
 * What the tuner makes of the votes.
 *
 * @param point point for the next plans; the present one when nothing changes
 * @param evidence votes of the point that was judged, null where there are too few
 * @param reason a sentence for people
 */
public record Decision(Kind kind, String point, Evidence evidence, String reason) {
  /** Which way the policy goes. */
  public enum Kind {
    /** The present point stays. */
    KEEP,
    /** Fewer bits: the target is missed. */
    DOWN,
    /** More bits: there is room again. */
    UP,
    /** The present point can no longer be chosen. */
    REPLACE
  }

  public boolean changes() {
    return kind != Kind.KEEP;
  }
}
