package dev.facet.quantization.domain.importing;

import java.util.Locale;

/**
 * The steps of an import, in their order. A step's tasks may be worked on once all tasks of the
 * steps before it are done, by any number of workers at once.
 */
public enum ImportStep {
  /** Codes a tensor group by rounding alone; {@code ladder/group}. */
  ROUNDING,
  /** Measures and publishes the rounded ladders. */
  FIRST_EDITION,
  /** Runs the model over a share of the calibration text, there and back; the share's number. */
  OBSERVATION,
  /** Codes a tensor group with error feedback; {@code ladder/group}. */
  CALIBRATED_CODING,
  /** Chooses the compact ladder's anchors and the cuts through all ladders. */
  PLANNING,
  /** Codes a tensor group at the anchor planned; {@code ladder/group}. */
  COMPACT_CODING,
  /** Measures a cut on text that was not calibrated on; the point. */
  MEASUREMENT,
  /** Publishes the calibrated ladders. */
  FINAL_EDITION;

  /** Whether the model can be planned before this step. */
  public boolean improves() {
    return ordinal() > FIRST_EDITION.ordinal();
  }

  /** As in events and in the database. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException if no step has that label
   */
  public static ImportStep labelled(String label) {
    for (ImportStep step : values()) {
      if (step.label().equals(label)) {
        return step;
      }
    }
    throw new IllegalArgumentException("no step is called " + label);
  }
}
