package dev.facet.quantization.domain.importing;

import java.util.Locale;

/** How a publication was made. */
public enum Edition {
  /** By rounding each weight for itself: soon there. */
  ROUNDED,
  /** With error feedback, from what the layers are given on a text. */
  CALIBRATED;

  /** As in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
