package dev.facet.streaming.domain.bundle;

import java.util.Collection;

/**
 * How deep embedding and head must be before the first token. All other groups begin with their
 * base planes; these two meet every token, so that they begin at the least depth at which they cost
 * little beside what the base planes cost anyway.
 */
final class FirstDepths {
  private static final int BASE = 2;

  /** Where nothing is foretold: what calibration told of the models that have been calibrated. */
  private static final int UNTOLD = 3;

  /** Of the loss of all base planes together. */
  private static final double SHARE = 0.25;

  private final ForetoldLosses losses;
  private final double allowed;

  /**
   * @param layers groups that begin with their base planes
   */
  FirstDepths(ForetoldLosses losses, Collection<String> layers) {
    this.losses = losses;
    this.allowed =
        SHARE * layers.stream().mapToDouble(group -> losses.at(group, BASE).orElse(0)).sum();
  }

  /**
   * @param planned depth of the group in the end
   */
  int of(String group, int planned) {
    if (losses.at(group, BASE).isEmpty()) {
      return Math.min(UNTOLD, planned);
    }
    int depth = BASE;
    while (depth < planned && losses.at(group, depth).orElse(0) > allowed) {
      depth++;
    }
    return depth;
  }
}
