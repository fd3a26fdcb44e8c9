package dev.facet.quantization.domain.importing;

import java.util.Locale;

/** Where an import stands. */
public enum ImportState {
  /** Files come from another host; there is no model yet. */
  FETCHING,
  /** Tasks are open; nothing of the model can be planned. */
  IMPORTING,
  /** A first edition can be planned; tasks for a better one are open. */
  IMPROVING,
  /** The last edition is published, or the one before it where the last has failed. */
  PUBLISHED,
  /** Stopped by a problem that trying again does not cure, with nothing published. */
  FAILED;

  /** Whether no further step follows. */
  public boolean isFinal() {
    return this == PUBLISHED || this == FAILED;
  }

  /** What others are told: a model that is being improved is published. */
  public String label() {
    return (this == IMPROVING ? PUBLISHED : this).name().toLowerCase(Locale.ROOT);
  }
}
