package dev.facet.quantization.domain.importing;

/** Where a task stands. */
public enum TaskState {
  /** Waits for other tasks. */
  BLOCKED,
  /** May be claimed; an event has told the workers. */
  OFFERED,
  /** A worker holds it until its lease runs out. */
  LEASED,
  /** Its result is stored. */
  DONE
}
