package dev.facet.quantization.domain.codec;

/**
 * What fixes a tensor's code besides its weights.
 *
 * @param anchor depth to which cells are stored, 2..8
 * @param shift constant added to or taken from all levels of a group, in units of its scale; 0 for
 *     none
 * @param prefixShare weight of the error at depth 2 beside the error at the anchor when the scale
 *     is chosen; 0 leaves the prefix to itself
 */
public record CodeSettings(int anchor, float shift, float prefixShare) {
  /** Shallowest depth, that of the base plane. */
  public static final int MIN_DEPTH = 2;

  /** Deepest anchor: a cell fits a byte. */
  public static final int MAX_DEPTH = 8;

  public CodeSettings {
    if (anchor < MIN_DEPTH || anchor > MAX_DEPTH) {
      throw new IllegalArgumentException("anchor " + anchor + " is not within 2..8");
    }
    if (!(Math.abs(shift) < 1) || !(prefixShare >= 0)) {
      throw new IllegalArgumentException("shift " + shift + ", prefix share " + prefixShare);
    }
  }

  /**
   * The settings each anchor is published with. Shifts pay up to 4 bits; a prefix is helped where
   * it is meant to be used, and at anchors of 5 and more its error would drown that of the anchor.
   */
  public static CodeSettings forAnchor(int anchor) {
    return switch (anchor) {
      case 2 -> new CodeSettings(2, 0.075f, 0);
      case 3 -> new CodeSettings(3, 0.043f, 0.05f);
      case 4 -> new CodeSettings(4, 0.037f, 0.1f);
      default -> new CodeSettings(anchor, 0, 0);
    };
  }
}
