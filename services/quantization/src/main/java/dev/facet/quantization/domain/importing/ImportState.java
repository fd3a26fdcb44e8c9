package dev.facet.quantization.domain.importing;

/** Where an import stands. */
public enum ImportState {
  /** Tasks are open; nothing of the model can be planned. */
  IMPORTING,
  /** Ladders are stored, measured and told. */
  PUBLISHED,
  /** Stopped by a problem that trying again does not cure. */
  FAILED;

  /** Whether no further step follows. */
  public boolean isFinal() {
    return this != IMPORTING;
  }

  /** As in JSON and in the database. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
